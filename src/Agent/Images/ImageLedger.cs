// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Docker;
using ClusterManager.Hosting.Concurrency;

namespace ClusterManager.Agent.Images;

/// <summary>
/// Which images the agent itself has brought to its node, by the name that the engine gives what was pulled (<c>repository@digest</c>), and
/// when each was last of use. What is not in it is somebody else's. Thread-safe.
/// </summary>
internal sealed class ImageLedger
{
    /// <summary>Most entries. What was of use longest ago is forgotten first, and then stays on the node like somebody else's.</summary>
    public const int EntriesMax = 4096;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int> _moving = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, ImageEntry> _entries = None;

    /// <summary>No image.</summary>
    public static ImmutableSortedDictionary<string, ImageEntry> None { get; } =
        ImmutableSortedDictionary.Create<string, ImageEntry>(StringComparer.Ordinal);

    /// <summary>Counts the pulls that have ended, well or not: the disk is worth a look.</summary>
    public LatestValue<int> Pulled { get; } = new(0);

    /// <summary>What is known.</summary>
    public ImmutableSortedDictionary<string, ImageEntry> Entries
    {
        get
        {
            lock (_lock) return _entries;
        }
    }

    /// <summary>What is being pulled now.</summary>
    public ImmutableSortedSet<string> Moving
    {
        get
        {
            lock (_lock) return ImmutableSortedSet.CreateRange(StringComparer.Ordinal, _moving.Keys);
        }
    }

    /// <summary>Takes up what an earlier life of the agent has written.</summary>
    public void Load(IEnumerable<KeyValuePair<string, ImageEntry>> entries)
    {
        lock (_lock) _entries = _entries.SetItems(entries.Where(entry => !_entries.ContainsKey(entry.Key)));
    }

    /// <summary>A pull begins, of an image that is not there.</summary>
    public void Begin(string image)
    {
        var name = ImageReference.Familiar(image);
        lock (_lock) _moving[name] = _moving.GetValueOrDefault(name) + 1;
    }

    /// <summary>It has ended.</summary>
    public void End(string image, bool isDone, DateTimeOffset now)
    {
        var name = ImageReference.Familiar(image);
        lock (_lock)
        {
            if (_moving[name] > 1) _moving[name]--;
            else _moving.Remove(name);
            if (isDone) PutNeedsLock(name, new ImageEntry(true, now));
        }

        Pulled.Publish(Pulled.Current + 1);
    }

    /// <summary>Somebody is about to use the image, or does. One that is not known stays unknown.</summary>
    public void Use(string image, DateTimeOffset now)
    {
        var name = ImageReference.Familiar(image);
        lock (_lock)
        {
            if (_entries.TryGetValue(name, out var known) && known.UsedAt < now) PutNeedsLock(name, known with { UsedAt = now });
        }
    }

    /// <summary>An image of somebody else's is on the node: from now on its age is known.</summary>
    public void Notice(string image, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_entries.ContainsKey(image)) PutNeedsLock(image, new ImageEntry(false, now));
        }
    }

    /// <summary>It is not on the node any more, unless it is just being pulled.</summary>
    public void Forget(string image)
    {
        lock (_lock)
        {
            if (!_moving.ContainsKey(image)) _entries = _entries.Remove(image);
        }
    }

    private void PutNeedsLock(string image, ImageEntry entry)
    {
        if (_entries.Count >= EntriesMax && !_entries.ContainsKey(image))
            _entries = _entries.Remove(_entries.MinBy(pair => pair.Value.UsedAt).Key);
        _entries = _entries.SetItem(image, entry);
    }
}
