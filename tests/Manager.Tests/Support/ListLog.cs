// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Tests.Support;

/// <summary>Keeps all that is logged, for assertions and for a failing test's message.</summary>
internal sealed class ListLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    public bool Says(string words) => _lines.Any(line => line.Contains(words, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
        string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception?.Message}");

    public void Dispose()
    {
    }
}
