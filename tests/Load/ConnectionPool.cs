// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace ClusterManager.Load;

/// <summary>A client's idle connections. Those to places that are no longer known are closed, busy ones when they come back.</summary>
public sealed class ConnectionPool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Stack<HttpConnection>> _idle = [];
    private IReadOnlyCollection<IPEndPoint>? _known;

    /// <summary>An idle connection that nobody has closed; null: there is none.</summary>
    public HttpConnection? Take(IPEndPoint endpoint)
    {
        lock (_lock)
        {
            if (!_idle.TryGetValue(endpoint, out var connections)) return null;
            while (connections.TryPop(out var connection))
            {
                if (connection.IsUsable) return connection;
                connection.Dispose();
            }

            return null;
        }
    }

    /// <summary>Keeps a connection for the next request, unless its place is no longer known.</summary>
    public void Return(HttpConnection connection)
    {
        lock (_lock)
        {
            if (_known is not null && !_known.Contains(connection.Endpoint))
            {
                connection.Dispose();
                return;
            }

            if (!_idle.TryGetValue(connection.Endpoint, out var connections)) _idle[connection.Endpoint] = connections = [];
            connections.Push(connection);
        }
    }

    /// <summary>From now on only these places are known.</summary>
    public void Keep(IReadOnlyCollection<IPEndPoint> known)
    {
        lock (_lock)
        {
            _known = known;
            foreach (var endpoint in _idle.Keys.Except(known).ToList())
            {
                foreach (var connection in _idle[endpoint]) connection.Dispose();
                _idle.Remove(endpoint);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Keep([]);
}
