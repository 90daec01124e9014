// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace ClusterManager.Cli.Bootstrap.Checks;

/// <summary>The engine: there, answering, and new enough.</summary>
internal static class DockerCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly Version Oldest = new(20, 10);

    /// <summary>Asks the engine for its version.</summary>
    public static async Task<Finding?> RunAsync(string socket, CancellationToken cancellationToken)
    {
        if (!File.Exists(socket))
            return new Finding("docker", $"Docker's socket {socket} does not exist: is Docker Engine installed and running?",
                "apt-get install docker.io, or --docker-socket PATH where it listens elsewhere");
        try
        {
            using var client = Client(socket);
            using var answer = await client.GetAsync("version", cancellationToken);
            if (!answer.IsSuccessStatusCode)
                return new Finding("docker", $"Docker Engine at {socket} answers with an error ({(int)answer.StatusCode})",
                    "see its log: journalctl -u docker");
            var version = (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))?["Version"] ?? "";
            return Judge(version, socket);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var why = error is TaskCanceledException ? "no answer within 5 s" : (error.InnerException ?? error).Message;
            return new Finding("docker", $"Docker Engine does not answer at {socket}: {why}", "systemctl start docker");
        }
    }

    internal static Finding? Judge(string version, string socket)
    {
        var number = new string([.. version.TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]).TrimEnd('.');
        return Version.TryParse(number, out var parsed) && parsed < Oldest
            ? new Finding("docker", $"Docker Engine at {socket} is {version}; {Oldest} or newer is needed", "upgrade it") : null;
    }

    private static HttpClient Client(string socket) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, token) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
    })
    { BaseAddress = new Uri("http://engine/"), Timeout = Limit, MaxResponseContentBufferSize = 64 * 1024 };
}
