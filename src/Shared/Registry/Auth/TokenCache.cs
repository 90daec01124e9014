// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>Tokens by what they are for, until shortly before they end. Bounded; thread-safe.</summary>
/// <param name="time">The clock of their lives.</param>
internal sealed class TokenCache(TimeProvider time)
{
    private const int CountMax = 256;

    // A token that ends while a request is on its way costs one more round, so it need not be large.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LifeMax = TimeSpan.FromDays(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Token, long Since, TimeSpan Life)> _tokens = new(StringComparer.Ordinal);

    /// <summary>The token; null: none that lives.</summary>
    public string? Find(string key)
    {
        lock (_lock)
        {
            if (!_tokens.TryGetValue(key, out var held)) return null;
            if (time.GetElapsedTime(held.Since) < held.Life) return held.Token;
            _tokens.Remove(key);
            return null;
        }
    }

    /// <summary>Keeps a token for as long as its server said, less a margin: at most half of a short life.</summary>
    public void Keep(string key, string token, TimeSpan life)
    {
        var bounded = life > LifeMax ? LifeMax : life;
        var margin = bounded < 2 * Margin ? bounded / 2 : Margin;
        lock (_lock)
        {
            if (_tokens.Count >= CountMax && !_tokens.ContainsKey(key)) RemoveOldestNeedsLock();
            _tokens[key] = (token, time.GetTimestamp(), bounded - margin);
        }
    }

    /// <summary>Drops a token that was refused, unless another has taken its place meanwhile.</summary>
    public void Drop(string key, string token)
    {
        lock (_lock)
        {
            if (_tokens.TryGetValue(key, out var held) && held.Token == token) _tokens.Remove(key);
        }
    }

    private void RemoveOldestNeedsLock() => _tokens.Remove(_tokens.MinBy(entry => entry.Value.Since).Key);
}
