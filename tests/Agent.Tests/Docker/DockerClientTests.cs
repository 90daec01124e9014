// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>The client against a socket that misbehaves.</summary>
public sealed class DockerClientTests : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(30), TimeProvider.System);

    private CancellationToken Deadline => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [Fact]
    public async Task A_socket_that_is_not_there_is_an_engine_that_is_unavailable()
    {
        using var client = new DockerClient(new DockerClientOptions { SocketPath = "/tmp/cm-docker-no-such.sock" }, TimeProvider.System);

        var exception = await FailsAsync(DockerErrorKind.EngineUnavailable, () => client.GetInfoAsync(Deadline));

        Assert.Contains("/tmp/cm-docker-no-such.sock", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_nobody_serves_is_an_engine_that_is_unavailable()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("cm-docker-fake-").FullName, "s");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(path));
            using var client = new DockerClient(new DockerClientOptions { SocketPath = path }, TimeProvider.System);
            await FailsAsync(DockerErrorKind.EngineUnavailable, () => client.StartContainerAsync("x", Deadline));
        }
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void A_socket_that_may_not_be_opened_is_an_engine_that_is_unavailable_and_says_why()
    {
        // Tests run as root, whom no socket refuses: so the refusal is made by hand.
        using var transport = new DockerTransport(new DockerClientOptions { SocketPath = "/x.sock" }, TimeProvider.System);
        var refusal = new HttpRequestException("wrapped", new SocketException((int)SocketError.AccessDenied));

        var exception = transport.Translate(refusal, DockerCall.Get("/info"), TimeSpan.Zero, CancellationToken.None);

        Assert.Equal(DockerErrorKind.EngineUnavailable, exception!.Kind);
        Assert.Equal("Docker Engine at /x.sock: Permission denied", exception.Message);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_runs_into_the_deadline()
    {
        await using var engine = new FakeEngine(SilenceAsync);
        using var client = engine.NewClient(new DockerClientOptions { CallDeadline = TimeSpan.FromMilliseconds(200) });

        await FailsAsync(DockerErrorKind.Timeout, () => client.GetInfoAsync(Deadline));
        await FailsAsync(DockerErrorKind.Timeout, () => client.OpenEventsAsync(null, EngineEventFilter.All, Deadline));
        await FailsAsync(DockerErrorKind.Timeout, () => client.WaitContainerAsync("x", WaitCondition.NextExit, null, Deadline));
    }

    [Fact]
    public async Task A_stop_has_the_time_of_its_grace()
    {
        await using var engine = new FakeEngine(async (_, stream, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(600), TimeProvider.System, cancellationToken);
            await TinyHttpServer.BeginAsync(stream, 204, cancellationToken);
        });
        using var client = engine.NewClient(new DockerClientOptions
        {
            CallDeadline = TimeSpan.FromMilliseconds(200), StopSlack = TimeSpan.FromMilliseconds(200),
        });

        await client.StopContainerAsync("x", TimeSpan.FromMilliseconds(4900), Deadline);
        await FailsAsync(DockerErrorKind.Timeout, () => client.StopContainerAsync("x", TimeSpan.Zero, Deadline));

        Assert.Contains(engine.Requests, request => request.Target == "/v1.41/containers/x/stop?t=5");
    }

    [Fact]
    public async Task The_callers_cancellation_is_not_a_timeout()
    {
        await using var engine = new FakeEngine(SilenceAsync);
        using var client = engine.NewClient();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetInfoAsync(cancel.Token));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_an_engine_that_is_unavailable()
    {
        await using var engine = new FakeEngine(async (_, stream, cancellationToken) =>
        {
            await TinyHttpServer.BeginAsync(stream, 200, cancellationToken, "Content-Length: 1000");
            await stream.WriteAsync("{"u8.ToArray(), cancellationToken);
        });
        using var client = engine.NewClient();

        await FailsAsync(DockerErrorKind.EngineUnavailable, () => client.GetInfoAsync(Deadline));
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "")]
    [InlineData(200, "null")]
    [InlineData(502, "<html>Bad Gateway</html>")]
    [InlineData(500, """{"other":"shape"}""")]
    public async Task An_answer_that_is_not_the_engines_is_a_server_error(int status, string body)
    {
        await using var engine = new FakeEngine((_, stream, cancellationToken) =>
            TinyHttpServer.AnswerAsync(stream, status, body, cancellationToken));
        using var client = engine.NewClient();

        await FailsAsync(DockerErrorKind.ServerError, () => client.GetInfoAsync(Deadline));
    }

    [Fact]
    public async Task The_version_is_agreed_on_once_and_again_after_the_engine_was_away()
    {
        await using var engine = new FakeEngine((_, stream, cancellationToken) =>
            TinyHttpServer.AnswerAsync(stream, 200, "{}", cancellationToken));
        using var client = engine.NewClient();
        Assert.Equal("1.41", (await client.GetInfoAsync(Deadline)).ApiVersion);
        await client.GetInfoAsync(Deadline);
        Assert.Equal(1, engine.Requests.Count(request => request.Path == "/version"));

        await engine.StopAsync();
        await FailsAsync(DockerErrorKind.EngineUnavailable, () => client.GetInfoAsync(Deadline));
        engine.Versions = ("1.52", "1.44");
        engine.Start();

        Assert.Equal("1.44", (await client.GetInfoAsync(Deadline)).ApiVersion);
        Assert.Equal("/v1.44/info", engine.Requests[^1].Target);
    }

    [Theory]
    [InlineData("""{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}""", DockerErrorKind.ImageNotFound)]
    [InlineData("""{"error":"unauthorized: authentication required"}""", DockerErrorKind.RegistryDenied)]
    [InlineData("""{"errorDetail":{"message":"received unexpected HTTP status: 500 Internal Server Error"}}""",
        DockerErrorKind.RegistryUnreachable)]
    [InlineData("""{"errorDetail":{"message":"write /x: no space left on device"}}""", DockerErrorKind.NoSpace)]
    public async Task A_pull_that_fails_after_it_began_is_a_failure(string lastLine, DockerErrorKind kind)
    {
        await using var engine = new FakeEngine(async (_, stream, cancellationToken) =>
        {
            await TinyHttpServer.BeginAsync(stream, 200, cancellationToken);
            await stream.WriteAsync(Encoding.UTF8.GetBytes("{\"status\":\"Pulling\",\"id\":\"1\"}\r\n" + lastLine + "\r\n"),
                cancellationToken);
        });
        using var client = engine.NewClient();

        await FailsAsync(kind, () => client.PullImageAsync("web:1", null, null, Deadline));
    }

    [Fact]
    public async Task A_pull_that_goes_on_slowly_is_not_given_up()
    {
        await using var engine = new FakeEngine(async (request, stream, cancellationToken) =>
        {
            if (request.Method == "GET")
            {
                await TinyHttpServer.AnswerAsync(stream, 200, """{"Id":"sha256:1"}""", cancellationToken);
                return;
            }
            await TinyHttpServer.BeginAsync(stream, 200, cancellationToken);
            for (var part = 0; part < 5; part++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(700), TimeProvider.System, cancellationToken);
                await stream.WriteAsync("{\"status\":\"Digest: sha256:2\"}\n"u8.ToArray(), cancellationToken);
            }
        });
        using var client = engine.NewClient(new DockerClientOptions { PullIdleDeadline = TimeSpan.FromSeconds(3) });

        Assert.Equal(new PullResult("sha256:1", "sha256:2"), await client.PullImageAsync("web", null, null, Deadline));
        Assert.Contains(engine.Requests, request => request.Target == "/v1.41/images/create?fromImage=web%3Alatest");
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_fills_the_memory()
    {
        await using var engine = new FakeEngine(async (_, stream, cancellationToken) =>
        {
            await TinyHttpServer.BeginAsync(stream, 200, cancellationToken);
            for (var part = 0; part < 32; part++)
                await stream.WriteAsync(new byte[64 * 1024].AsMemory(), cancellationToken);
        });
        using var client = engine.NewClient();
        await using var events = await client.OpenEventsAsync(null, EngineEventFilter.All, Deadline);

        await FailsAsync(DockerErrorKind.ServerError, async () => await events.ReadAsync(Deadline));
    }

    [Fact]
    public async Task A_wait_whose_connection_ends_is_no_exit()
    {
        await using var engine = new FakeEngine((_, stream, cancellationToken) =>
            TinyHttpServer.BeginAsync(stream, 200, cancellationToken));
        using var client = engine.NewClient();

        await FailsAsync(DockerErrorKind.EngineUnavailable, () => client.WaitContainerAsync("x", WaitCondition.NextExit, null, Deadline));
    }

    private static Task SilenceAsync(TinyRequest request, Stream stream, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    private static async Task<DockerException> FailsAsync(DockerErrorKind kind, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<DockerException>(call);
        Assert.True(kind == exception.Kind, $"expected {kind}, was {exception.Kind}: {exception.Message}");
        return exception;
    }
}
