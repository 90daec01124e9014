// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>Keys, names and ids as parts of a request's path.</summary>
internal static class ConsulPath
{
    /// <summary>Percent-encodes each segment and keeps the slashes.</summary>
    /// <exception cref="ArgumentException">
    /// The key is empty, starts with a slash, or has an empty, "." or ".." segment: servers and URI classes normalise such
    /// paths, so that another key would be reached than was named.
    /// </exception>
    public static string Encode(string key)
    {
        var segments = Split(key);
        for (var i = 0; i < segments.Length; i++)
            segments[i] = Uri.EscapeDataString(segments[i]);
        return string.Join('/', segments);
    }

    private static string[] Split(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var segments = key.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            // A trailing slash is part of a prefix such as "cm/v1/".
            var emptyAllowed = i > 0 && i == segments.Length - 1;
            if (segments[i] is "." or ".." || (segments[i].Length == 0 && !emptyAllowed))
                throw new ArgumentException($"'{key}' cannot be part of a path: a segment is empty, '.' or '..'", nameof(key));
        }

        return segments;
    }
}
