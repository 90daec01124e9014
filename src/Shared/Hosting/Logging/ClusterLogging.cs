// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace ClusterManager.Hosting.Logging;

/// <summary>
/// The logs of one process: a readable line on the console and the same in <c>log/PROCESS.log</c>. Both are written by threads of their
/// own; when one cannot keep up, lines are dropped, never the work that logs them.
/// </summary>
public sealed class ClusterLogging : IDisposable
{
    private const long FileSizeMaxBytes = 10 * 1024 * 1024;
    private const int FileCountMax = 5;
    private const int QueueLinesMax = 10_000;
    private readonly Logger _logger;
    private readonly LoggingLevelSwitch _level;
    private readonly SerilogLoggerFactory _factory;

    private ClusterLogging(Logger logger, LoggingLevelSwitch level)
    {
        _logger = logger;
        _level = level;
        _factory = new SerilogLoggerFactory(logger, dispose: false);
    }

    /// <summary>Give this to whoever logs. It ends with this object.</summary>
    public ILoggerFactory Factory => _factory;

    /// <summary>The lowest level that is written; may be changed while the process runs.</summary>
    public LogLevel Level
    {
        get => LevelConvert.ToExtensionsLevel(_level.MinimumLevel);
        set => _level.MinimumLevel = ToSerilog(value);
    }

    /// <summary>Opens the logs.</summary>
    /// <param name="processName">The file's name, such as <c>cluster-agent</c>.</param>
    /// <param name="paths">The log directory is created when it is missing. Five files of at most 10 MB are kept.</param>
    /// <param name="level">The lowest level that is written. ASP.NET Core's own lines below Warning are left out.</param>
    /// <param name="console">Where the same lines go besides.</param>
    public static ClusterLogging Create(string processName, ClusterPaths paths, LogLevel level, ConsoleTarget console)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processName);
        var levelSwitch = new LoggingLevelSwitch(ToSerilog(level));
        var formatter = new OneLineFormatter();
        var file = Path.Combine(paths.LogDirectory, processName + ".log");
        Directory.CreateDirectory(paths.LogDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var configuration = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(levelSwitch)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .WriteTo.Async(
                sink => sink.File(
                    formatter, file, fileSizeLimitBytes: FileSizeMaxBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: FileCountMax),
                bufferSize: QueueLinesMax);
        if (console != ConsoleTarget.None)
        {
            LogEventLevel? errorFrom = console == ConsoleTarget.StandardError ? LogEventLevel.Verbose : null;
            configuration.WriteTo.Async(sink => sink.Console(formatter, standardErrorFromLevel: errorFrom), bufferSize: QueueLinesMax);
        }
        return new ClusterLogging(configuration.CreateLogger(), levelSwitch);
    }

    /// <summary>Writes what is queued and closes the file.</summary>
    public void Dispose()
    {
        _factory.Dispose();
        _logger.Dispose();
    }

    // LogLevel.None has no counterpart: one above the highest writes nothing.
    private static LogEventLevel ToSerilog(LogLevel level) =>
        level == LogLevel.None ? LogEventLevel.Fatal + 1 : LevelConvert.ToSerilogLevel(level);
}
