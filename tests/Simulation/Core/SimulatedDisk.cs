// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;

namespace ClusterManager.Simulation.Core;

/// <summary>
/// The disk of one host. Names that were not forced to it may be forgotten by a power cut, the oldest first kept; it can be full, and a
/// bit of a file can turn.
/// </summary>
internal sealed class SimulatedDisk(Timeline timeline, SeededStream chance) : IDisk
{
    private readonly List<Action<SortedDictionary<string, byte[]>>> _unforced = [];
    private int _cuts;
    private SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private SortedDictionary<string, byte[]> _forced = new(StringComparer.Ordinal);

    /// <summary>Every write is refused.</summary>
    public bool IsFull { get; set; }

    /// <summary>When a write was last refused; null: never.</summary>
    public TimeSpan? RefusedAt { get; private set; }

    /// <summary>Writes that were done.</summary>
    public long Writes { get; private set; }

    /// <summary>The host loses its power: what was changed and not forced is there or not, in the order in which it was changed.</summary>
    public void CutPower()
    {
        _cuts++;
        foreach (var change in _unforced.Take(chance.Below(_unforced.Count + 1))) change(_forced);
        _unforced.Clear();
        _files = new SortedDictionary<string, byte[]>(_forced, StringComparer.Ordinal);
    }

    /// <summary>A bit of one file turns; what file it was, or null: there is none.</summary>
    public string? Damage()
    {
        if (_files.Count == 0) return null;
        var name = chance.Pick(_files.Keys.ToList());
        var content = _files[name].ToArray();
        if (content.Length == 0) return null;
        content[chance.Below(content.Length)] ^= (byte)(1 << chance.Below(8));
        _files[name] = content;
        _forced[name] = content;
        return name;
    }

    /// <summary>Everything on it is gone.</summary>
    public void Wipe()
    {
        _files.Clear();
        _forced.Clear();
        _unforced.Clear();
    }

    /// <inheritdoc/>
    public Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) => Task.FromResult(_files.GetValueOrDefault(path));

    /// <inheritdoc/>
    public Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource();
        var bytes = content.ToArray();
        var cuts = _cuts;
        timeline.After(chance.Between(0.2, 5), () =>
        {
            if (cuts != _cuts) return;
            Writes++;
            var isFull = IsFull;
            var written = isFull ? bytes[..(bytes.Length / 2)] : bytes;
            Change(files => files[path] = written);
            if (isFull) RefusedAt = timeline.Now;
            if (isFull) done.TrySetException(new IOException($"write {path}: no space left on device"));
            else done.TrySetResult();
        });
        return done.Task;
    }

    /// <inheritdoc/>
    public void EnsureDirectory(string directory)
    {
    }

    /// <inheritdoc/>
    public void Link(string path, string link)
    {
        if (IsFull) RefusedAt = timeline.Now;
        if (IsFull) throw new IOException($"link {link}: no space left on device");
        Change(files => files[link] = files.GetValueOrDefault(path, []));
    }

    /// <inheritdoc/>
    public void Move(string path, string target) => Change(files =>
    {
        if (files.Remove(path, out var content)) files[target] = content;
    });

    /// <inheritdoc/>
    public void Delete(string path) => Change(files => files.Remove(path));

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
    {
        foreach (var change in _unforced) change(_forced);
        _unforced.Clear();
    }

    private void Change(Action<SortedDictionary<string, byte[]>> change)
    {
        change(_files);
        _unforced.Add(change);
    }
}
