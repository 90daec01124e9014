// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;

namespace ClusterManager.Lab.Tests.Harness;

/// <summary>A command that runs beside the test. It is ended with the test at the latest.</summary>
public sealed class RunningCommand : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _text;
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();

    private RunningCommand(Process process, string text)
    {
        _process = process;
        _text = text;
    }

    /// <summary>The lines of the standard output so far.</summary>
    public IReadOnlyList<string> Lines => [.. _output];

    /// <summary>Both outputs so far.</summary>
    public string Text => string.Join('\n', [.. _output, .. _error]);

    /// <summary>True until it has ended.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts a program; its standard input is empty.</summary>
    public static RunningCommand Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string directory)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var command = new RunningCommand(
            new Process { StartInfo = start }, $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList)}");
        command._process.OutputDataReceived += (_, line) => Keep(command._output, line.Data);
        command._process.ErrorDataReceived += (_, line) => Keep(command._error, line.Data);
        command._process.Start();
        command._process.StandardInput.Close();
        command._process.BeginOutputReadLine();
        command._process.BeginErrorReadLine();
        return command;
    }

    /// <summary>Waits for its end; when the deadline passes first it is killed and the test fails.</summary>
    public async Task<CommandResult> EndAsync(TimeSpan deadline)
    {
        using var timeout = new CancellationTokenSource(deadline, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"not ended within {deadline.TotalSeconds:0} s: {_text}\n{Text}");
        }
        return new CommandResult(_text, _process.ExitCode, Joined(_output), Joined(_error), TimeProvider.System.GetElapsedTime(_started));
    }

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }

    private static string Joined(ConcurrentQueue<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
