// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Allocations;

/// <summary>Reads the credentials that travel as the value of Docker's registry header. Pure.</summary>
internal static class RegistryAuth
{
    /// <summary>The credential; null when there is none or it can not be read: the registry then answers for itself.</summary>
    /// <param name="encoded">JSON in base64, of the plain or the URL alphabet; null: anonymous.</param>
    public static RegistryCredential? Read(string? encoded)
    {
        if (string.IsNullOrEmpty(encoded)) return null;
        try
        {
            var plain = encoded.Replace('-', '+').Replace('_', '/');
            var json = Convert.FromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='));
            if (JsonSerializer.Deserialize(json, DockerJson.Default.RegistryAuthDto) is not { } auth) return null;
            return new RegistryCredential(auth.serveraddress, auth.username ?? "", auth.password ?? "", auth.identitytoken);
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }
}
