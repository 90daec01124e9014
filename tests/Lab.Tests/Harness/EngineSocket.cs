// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text.Json;

namespace ClusterManager.Lab.Tests.Harness;

/// <summary>
/// Asks a host's engine by its socket what it has: the same that <c>docker ps</c> and <c>docker inspect</c> say, without two programs for
/// each look. A test looks ten times a second, at all hosts.
/// </summary>
internal static class EngineSocket
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>All containers with the label, those that ended included; none when the engine does not answer.</summary>
    public static async Task<IReadOnlyList<LabContainer>> ContainersAsync(string host, string socket, string label)
    {
        if (!File.Exists(socket)) return [];
        using var client = new HttpClient(HandlerOf(socket)) { BaseAddress = new Uri("http://engine/"), Timeout = Deadline };
        var filters = Uri.EscapeDataString(JsonSerializer.Serialize(new { label = new[] { label } }));
        if (await AskAsync(client, $"containers/json?all=true&filters={filters}") is not { } list) return [];
        var found = new List<LabContainer>();
        foreach (var listed in list.EnumerateArray())
        {
            // One that goes meanwhile is missing in the answer, which is then what was asked for.
            if (await AskAsync(client, $"containers/{listed.GetProperty("Id").GetString()}/json") is { } one)
                found.Add(LabContainer.Of(host, one));
        }

        return found;
    }

    private static async Task<JsonElement?> AskAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            if (!answer.IsSuccessStatusCode) return null;
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private static SocketsHttpHandler HandlerOf(string path) => new()
    {
        ConnectCallback = async (_, stop) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
