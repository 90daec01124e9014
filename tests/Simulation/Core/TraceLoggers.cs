// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Simulation.Core;

/// <summary>What a program logs of chosen classes becomes part of the story.</summary>
/// <param name="trace">The story.</param>
/// <param name="who">Who logs.</param>
/// <param name="told">The classes' names.</param>
/// <param name="onError">Told of errors of every class.</param>
internal sealed class TraceLoggers(Trace trace, string who, IReadOnlyCollection<string> told, Action<string> onError) : ILoggerFactory
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        var name = categoryName[(categoryName.LastIndexOf('.') + 1)..];
        return new Logger(trace, who, told.Contains(name) ? LogLevel.Information : LogLevel.Error, onError);
    }

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(Trace trace, string who, LogLevel lowest, Action<string> onError) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => NullLogger.Instance.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var text = formatter(state, exception);
            trace.Tell(who, text);
            if (logLevel >= LogLevel.Error) onError(text);
        }
    }
}
