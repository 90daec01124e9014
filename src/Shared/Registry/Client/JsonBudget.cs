// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace ClusterManager.Registry;

/// <summary>Keeps a small body from becoming a million objects: counted before anything is made of it.</summary>
internal static class JsonBudget
{
    private const int ObjectCountMax = 20_000;

    /// <summary>True when there are more objects in it than any honest answer has.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool IsExceeded(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var count = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject && ++count > ObjectCountMax) return true;
        }

        return false;
    }
}
