// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Node;

/// <summary>The node's Consul token, read again when its file changes, so that a rotated token needs no restart. Thread-safe.</summary>
/// <param name="path">The file; null: no token.</param>
internal sealed class TokenFile(string? path)
{
    private readonly Lock _lock = new();
    private DateTime _readAt;
    private string? _token;

    /// <summary>The token; null when there is none or the file can not be read: Consul then says what is missing.</summary>
    public string? Read()
    {
        if (path is null) return null;
        lock (_lock)
        {
            try
            {
                var written = File.GetLastWriteTimeUtc(path);
                if (written == _readAt) return _token;
                _token = File.ReadAllText(path).Trim();
                _readAt = written;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The last one read stays: a file that is being replaced comes back.
            }
            return _token;
        }
    }
}
