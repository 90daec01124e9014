// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>Headers and trailers, text and bytes, in both directions.</summary>
public sealed class MetadataTests
{
    [Fact]
    public async Task Request_headers_reach_the_handler_with_duplicates_and_bytes()
    {
        var service = new EchoService();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(service));
        using var channel = server.CreateChannel();
        var headers = new Metadata { { "Key", "one" }, { "key", "two" }, { "raw-bin", new byte[] { 0, 255, 1 } }, { "raw-bin", [] } };

        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest(), headers).ResponseAsync.SoonAsync();

        var seen = service.Calls.Single().RequestHeaders;
        // .NET's HTTP client joins duplicates of a header in one line, which gRPC allows; bytes are split again.
        Assert.Equal(["one, two"], seen.GetAll("key").Select(entry => entry.Value));
        Assert.Equal(["00FF01", ""], seen.GetAll("raw-bin").Select(entry => Convert.ToHexString(entry.ValueBytes)));
        Assert.StartsWith("grpc-csharp-", seen.GetValue("user-agent"), StringComparison.Ordinal);
        Assert.DoesNotContain(seen, entry => entry.Key is "te" or "content-type" or "grpc-accept-encoding");
    }

    [Fact]
    public async Task Response_headers_arrive_before_the_first_message_and_trailers_with_the_status()
    {
        var gate = new TaskCompletionSource();
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new HeaderService(gate.Task)));
        using var channel = server.CreateChannel();

        using var call = new Echo.EchoClient(channel).ServerStream(new EchoRequest());
        var headers = await call.ResponseHeadersAsync.SoonAsync();
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
        gate.SetResult();
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
        Assert.False(await call.ResponseStream.MoveNext().SoonAsync());

        Assert.Equal("h", headers.GetValue("head"));
        Assert.Equal([7], headers.GetValueBytes("head-bin")!);
        Assert.Equal("t", call.GetTrailers().GetValue("tail"));
        Assert.Equal([9], call.GetTrailers().GetValueBytes("tail-bin")!);
    }

    [Fact]
    public async Task Error_before_any_message_comes_as_trailers_only_with_its_details()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();
        var request = new EchoRequest
        {
            FailCode = (int)StatusCode.FailedPrecondition,
            FailDetail = "nö: 100 %\n",
            FailDetailsBin = ByteString.CopyFrom(1, 2, 3),
        };

        using var call = new Echo.EchoClient(channel).UnaryAsync(request);
        var error = await call.ResponseAsync.FailsAsync(StatusCode.FailedPrecondition);

        Assert.Equal("nö: 100 %\n", error.Status.Detail);
        Assert.Equal([1, 2, 3], error.Trailers.GetValueBytes("grpc-status-details-bin")!);
        Assert.Equal("as-asked", error.Trailers.GetValue("reason"));
        Assert.Equal("as-asked", call.GetTrailers().GetValue("reason"));
    }

    [Fact]
    public async Task Error_after_messages_comes_in_the_trailers()
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var channel = server.CreateChannel();

        using var call = new Echo.EchoClient(channel).ServerStream(new EchoRequest { Count = 2, FailCode = (int)StatusCode.Aborted });
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
        Assert.True(await call.ResponseStream.MoveNext().SoonAsync());
        var error = await call.ResponseStream.MoveNext().FailsAsync(StatusCode.Aborted);

        Assert.Equal("as-asked", error.Trailers.GetValue("reason"));
    }

    [Theory]
    [InlineData("/cm.grpc.test.Echo/NoSuchMethod", "12")] // refused before any handler
    [InlineData("/cm.grpc.test.Echo/Unary", "5")] // refused by the handler
    public async Task Trailers_only_is_one_headers_frame_without_a_body(string path, string status)
    {
        await using var server = await GrpcServer.StartAsync(Echo.BindService(new EchoService()));
        using var http = RawCalls.CreateClient();
        var notFound = new EchoRequest { FailCode = (int)StatusCode.NotFound }.ToByteArray();

        using var request = RawCalls.Request(server, path, [0, 0, 0, 0, (byte)notFound.Length, .. notFound]);
        using var response = await http.SendAsync(request).SoonAsync();

        Assert.Equal(status, response.Headers.GetValues("grpc-status").Single());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(response.TrailingHeaders);
    }

    [Theory]
    [InlineData("sp ace")]
    [InlineData("ünïcode")]
    [InlineData("")]
    public void Keys_that_http_cannot_carry_are_refused(string key) =>
        Assert.ThrowsAny<ArgumentException>(() => new Metadata { { key, "value" } });

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("ü")]
    public void Text_values_that_grpc_cannot_carry_are_refused(string value) =>
        Assert.Throws<ArgumentException>(() => new Metadata { { "key", value } });

    [Fact]
    public void Binary_values_need_a_bin_key_and_text_values_must_not_have_one()
    {
        Assert.Throws<ArgumentException>(() => new Metadata { { "key", new byte[1] } });
        Assert.Throws<ArgumentException>(() => new Metadata { { "key-bin", "text" } });
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
    }

    [Fact]
    public void Values_of_metadata_do_not_show_in_text()
    {
        Assert.DoesNotContain("canary", new Metadata.Entry("token", "canary").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("255", new Metadata.Entry("token-bin", [255]).ToString(), StringComparison.Ordinal);
    }

    private sealed class HeaderService(Task gate) : Echo.EchoBase
    {
        public override async Task ServerStream(
            EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "head", "h" }, { "head-bin", new byte[] { 7 } } });
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.WriteResponseHeadersAsync([]));
            await gate;
            await responseStream.WriteAsync(new EchoReply());
            context.ResponseTrailers.Add("tail", "t");
            context.ResponseTrailers.Add("tail-bin", [9]);
        }
    }
}
