// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterManager.Consul.Provisioning;

/// <summary>Turns the configuration of a client agent into that of a server of the same cluster. Pure.</summary>
public static class ConsulServerPromotion
{
    /// <summary>The server's configuration; the same text when it is a server's already.</summary>
    /// <param name="json">What <see cref="ConsulConfiguration.ToJson"/> wrote for the client.</param>
    /// <param name="certificateFile">The server's certificate and key.</param>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public static string Promote(string json, string certificateFile)
    {
        ArgumentNullException.ThrowIfNull(json);
        var root = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("a JSON object is needed");
        if (root["server"]?.GetValue<bool>() == true) return json;
        root["server"] = true;
        root["autopilot"] = new JsonObject { ["cleanup_dead_servers"] = false, ["server_stabilization_time"] = "2s" };
        root["connect"] = new JsonObject { ["enabled"] = true };
        root["auto_encrypt"] = new JsonObject { ["allow_tls"] = true };
        // From 1.12 on the TLS keys live in a stanza of their own: the client's configuration shows which form its version reads.
        var files = root["tls"]?["defaults"] as JsonObject ?? root;
        files["cert_file"] = certificateFile;
        files["key_file"] = certificateFile;
        return Format(root);
    }

    private static string Format(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true })) json.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }
}
