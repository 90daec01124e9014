// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Something at a unix socket that speaks the Engine API as a test wants it. <c>/version</c> it knows by itself.</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cm-docker-fake-").FullName;
    private readonly Func<TinyRequest, Stream, CancellationToken, Task> _handler;
    private TinyHttpServer? _server;

    public FakeEngine(Func<TinyRequest, Stream, CancellationToken, Task> handler)
    {
        _handler = handler;
        Start();
    }

    public List<TinyRequest> Requests { get; } = [];

    /// <summary>What it says it speaks.</summary>
    public (string Newest, string Oldest) Versions { get; set; } = ("1.41", "1.12");

    public string Socket => Path.Combine(_directory, "docker.sock");

    public DockerClient NewClient(DockerClientOptions? options = null) =>
        new((options ?? new DockerClientOptions()) with { SocketPath = Socket }, TimeProvider.System);

    public void Start() => _server = TinyHttpServer.AtUnixSocket(Socket, ServeAsync);

    public async Task StopAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
        File.Delete(Socket);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private Task ServeAsync(TinyRequest request, Stream stream, CancellationToken cancellationToken)
    {
        lock (Requests)
            Requests.Add(request);
        return request.Path == "/version"
            ? TinyHttpServer.AnswerAsync(
                stream, 200, $$"""{"Version":"fake","ApiVersion":"{{Versions.Newest}}","MinAPIVersion":"{{Versions.Oldest}}"}""",
                    cancellationToken)
            : _handler(request, stream, cancellationToken);
    }
}
