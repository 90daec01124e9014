// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterManager.Load;

namespace ClusterManager.Lab.Tests.ZeroDowntime;

/// <summary>The load generator, without any lab: it must not overlook a failure, nor take for one what is none.</summary>
public sealed class LoadTests
{
    [Theory]
    [InlineData("reset", "reset")]
    [InlineData("close", "closed")]
    [InlineData("half", "closed")]
    [InlineData("refuse", "status 503")]
    [InlineData("hang", "timeout")]
    public async Task The_first_request_of_a_connection_that_goes_wrong_has_failed(string deed, string error)
    {
        var (sum, journal) = await RunAsync(_ => deed, requests: 1);
        Assert.Equal((1, 0, 0), (sum.Failed, sum.Good, sum.Retries));
        Assert.Contains($"\"error\":\"{error}\"", journal, StringComparison.Ordinal);
        Assert.Equal(error is "reset" or "closed" ? 1 : 0, sum.Reset);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("close")]
    public async Task An_open_connection_that_is_cut_off_before_the_answer_is_one_retry_and_no_failure(string deed)
    {
        var (sum, journal) = await RunAsync(number => number == 3 ? deed : "answer", requests: 5);
        Assert.Equal((0, 1, 5), (sum.Failed, sum.Retries, sum.Good));
        Assert.Equal(2, sum.Connections);
        Assert.Equal(5, sum.Versions["7"]);
        Assert.Contains("\"kind\":\"retry\"", journal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("half")] // some of the answer had come
    [InlineData("late reset")] // the server was at work
    [InlineData("hang")] // it was not cut off
    public async Task On_an_open_connection_too_what_can_not_be_sent_again_has_failed(string deed)
    {
        var (sum, _) = await RunAsync(number => number == 3 ? deed : "answer", requests: 5);
        Assert.Equal((1, 0), (sum.Failed, sum.Retries));
    }

    [Fact]
    public async Task A_request_is_sent_again_only_once()
    {
        var (sum, _) = await RunAsync(number => number is 3 or 4 ? "reset" : "answer", requests: 5);
        Assert.Equal((1, 1), (sum.Failed, sum.Retries));
    }

    [Fact]
    public async Task Nobody_there_is_a_failure()
    {
        IPEndPoint gone;
        await using (var server = new ScriptedServer(_ => "answer")) gone = server.Address;
        var (sum, journal) = await RunAsync(gone, requests: 2);
        Assert.Equal(2, sum.Failed);
        Assert.Contains("\"error\":\"refused\"", journal, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_is_read_when_it_is_whole()
    {
        var text = "HTTP/1.1 200 OK\r\ncontent-length: 15\r\nConnection: close\r\n\r\n{\"version\":\"3\"}"u8;
        Assert.Null(HttpAnswer.TryRead(text[..^1], isEnd: false));
        Assert.Equal(("3", 200, false), HttpAnswer.TryRead(text, isEnd: false) is { } answer
            ? (answer.Version, answer.Status, answer.KeepsAlive) : default);
        Assert.Throws<InvalidDataException>(() => HttpAnswer.TryRead("nonsense\r\n\r\n"u8, isEnd: false));
    }

    [Fact]
    public async Task A_name_is_looked_up_and_its_addresses_are_those_of_the_records_beside()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var asked = SrvQuestion.AskAsync(
            (IPEndPoint)server.Client.LocalEndPoint!, "web.service.consul", 7, TimeSpan.FromSeconds(5), TimeProvider.System, default);
        var question = await server.ReceiveAsync();
        await server.SendAsync(Reply(question.Buffer), question.RemoteEndPoint);
        var answer = await asked;
        Assert.Equal(new IPEndPoint(IPAddress.Parse("10.0.0.9"), 20001), Assert.Single(answer!.Endpoints));
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Lifetime);
    }

    [Fact]
    public void A_damaged_or_foreign_answer_is_none()
    {
        var reply = Reply(SrvQuestion.Write("web.service.consul", 7));
        Assert.NotNull(SrvAnswer.Read(reply, 7));
        Assert.Null(SrvAnswer.Read(reply, 8));
        for (var length = 0; length < reply.Length; length++) Assert.Null(SrvAnswer.Read(reply.AsSpan(0, length), 7));
    }

    [Theory]
    [InlineData("dns:web.service.consul@100", true)]
    [InlineData("proxy:127.0.0.1:80@0.5", true)]
    [InlineData("proxy:127.0.0.1@5", false)]
    [InlineData("hosts:web:8080@5", true)]
    [InlineData("hosts:web@5", false)]
    [InlineData("dns:@5", false)]
    [InlineData("dns:web@0", false)]
    [InlineData("web@5", false)]
    public void A_target_is_read_or_refused(string text, bool isGood) =>
        Assert.Equal(isGood, LoadOptions.Parse(["--target", text]).Options is not null);

    // The question's head and name, one SRV record (target "a", 5 s) and, beside it, the address of "a" (10 s).
    private static byte[] Reply(byte[] question)
    {
        byte[] head = [question[0], question[1], 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 1];
        byte[] srv = [0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 5, 0, 9, 0, 1, 0, 1, 0x4e, 0x21, 1, (byte)'a', 0];
        byte[] address = [1, (byte)'A', 0, 0, 1, 0, 1, 0, 0, 0, 10, 0, 4, 10, 0, 0, 9];
        return [.. head, .. question[12..^11], .. srv, .. address];
    }

    private static async Task<(LoadSum Sum, string Journal)> RunAsync(Func<int, string> script, int requests)
    {
        await using var server = new ScriptedServer(script);
        return await RunAsync(server.Address, requests);
    }

    // One client that sends one request after the other.
    private static async Task<(LoadSum Sum, string Journal)> RunAsync(IPEndPoint address, int requests)
    {
        var target = new LoadTarget("proxy:test", null, address, 1);
        var options = new LoadOptions { Targets = [target], Deadline = TimeSpan.FromSeconds(1) };
        var text = new StringWriter(new StringBuilder());
        var tally = new LoadTally(target.Text);
        using var client = new LoadClient(1, target, options, tally, new LoadJournal(text, TimeProvider.System), TimeProvider.System);
        for (var i = 0; i < requests; i++) await client.SendAsync(isSlow: false);
        return (tally.Sum(), text.ToString());
    }
}
