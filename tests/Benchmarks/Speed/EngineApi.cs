// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterManager.Benchmarks.Speed;

/// <summary>The Engine's HTTP API as a benchmark needs it, with nothing between.</summary>
internal sealed class EngineApi : IDisposable
{
    private readonly HttpClient _http;

    public EngineApi(string socket) => _http = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        },
        MaxConnectionsPerServer = 200,
    })
    {
        BaseAddress = new Uri("http://engine/v1.41/"), Timeout = TimeSpan.FromMinutes(3),
    };

    /// <summary>What a create takes to make a container like the given one.</summary>
    public async Task<JsonObject> BodyLikeAsync(string container)
    {
        var inspect = (await _http.GetFromJsonAsync<JsonNode>($"containers/{container}/json"))!;
        var body = inspect["Config"]!.DeepClone().AsObject();
        body["HostConfig"] = inspect["HostConfig"]!.DeepClone();
        foreach (var unique in new[] { "Hostname", "Domainname" }) body.Remove(unique);
        // The agents of the cluster must not take it for one of theirs.
        body["Labels"] = new JsonObject { ["bench"] = "bare" };
        var networks = inspect["NetworkSettings"]!["Networks"]!.AsObject().Select(pair => pair.Key).ToList();
        body["NetworkingConfig"] = new JsonObject
        {
            ["EndpointsConfig"] = new JsonObject(networks.Select(name => KeyValuePair.Create<string, JsonNode?>(name, new JsonObject()))),
        };
        return body;
    }

    /// <summary>Creates and starts a container.</summary>
    public async Task RunAsync(string name, JsonObject body)
    {
        var id = (await PostAsync($"containers/create?name={name}", body)).GetProperty("Id").GetString()!;
        await PostAsync($"containers/{id}/start", null);
    }

    /// <summary>Posts a document and reads one; an empty answer is an empty object.</summary>
    public async Task<JsonElement> PostAsync(string path, JsonObject? body)
    {
        // The engine refuses a start with any body.
        using var content = body is null ? null : JsonContent.Create(body);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text.Length == 0 ? "{}" : text).RootElement;
    }

    /// <summary>Deletes something.</summary>
    public async Task DeleteAsync(string path)
    {
        using var answer = await _http.DeleteAsync(new Uri(path, UriKind.Relative));
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode}");
    }

    /// <summary>Ids of the containers with a label, those that ended included.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync(string label)
    {
        var filter = Uri.EscapeDataString($$"""{"label":["{{label}}"]}""");
        var list = await _http.GetFromJsonAsync<JsonElement>($"containers/json?all=1&filters={filter}");
        return [.. list.EnumerateArray().Select(container => container.GetProperty("Id").GetString()!)];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
