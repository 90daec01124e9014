// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Hosting;

/// <summary>A token in a file, read again when the file changes. Thread-safe.</summary>
internal sealed class FileToken(string path)
{
    private readonly Lock _lock = new();
    private DateTime _readAt;
    private string? _value;

    /// <summary>The token; null: there is no file.</summary>
    public string? Read()
    {
        lock (_lock)
        {
            var changed = File.GetLastWriteTimeUtc(path);
            if (changed == _readAt) return _value;
            _readAt = changed;
            _value = File.Exists(path) ? File.ReadAllText(path).Trim() : null;
            return _value;
        }
    }
}
