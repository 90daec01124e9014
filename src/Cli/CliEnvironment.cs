// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using ClusterManager.Cli.Contexts;

namespace ClusterManager.Cli;

/// <summary>Everything the commands take from outside, so that a test can be the terminal, the clock and the network.</summary>
internal sealed record CliEnvironment
{
    /// <summary>Results go here.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Progress, hints, warnings and errors go here.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Answers to questions come from here; null: nobody can answer.</summary>
    public TextReader? In { get; init; }

    /// <summary>Reads a line that is not shown; null: nobody can type one.</summary>
    public Func<string?>? ReadSecret { get; init; }

    /// <summary>Opens standard input, for what is piped in.</summary>
    public Func<Stream> Input { get; init; } = Console.OpenStandardInput;

    /// <summary>True when a person reads the results.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>True when a person reads the progress.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Rows of the terminal.</summary>
    public int Height { get; init; } = 24;

    /// <summary>Environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The working directory, absolute.</summary>
    public required string Directory { get; init; }

    /// <summary>Makes channels to managers.</summary>
    public IChannelFactory Channels { get; init; } = new ChannelFactory();

    /// <summary>Most time that names for the shell's completion may take: somebody waits at the keyboard.</summary>
    public TimeSpan CompletionLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A variable's value; null when unset or empty.</summary>
    public string? Variable(string name) => Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>What this process really has.</summary>
    public static CliEnvironment OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.IsInputRedirected ? null : Console.In,
        ReadSecret = Console.IsInputRedirected ? null : ReadHidden,
        IsOutTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        Width = Size(() => Console.WindowWidth, 80),
        Height = Size(() => Console.WindowHeight, 24),
        Variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
        Directory = WorkingDirectory(),
    };

    // A shell may stand in a folder that somebody has deleted meanwhile: most commands need none.
    private static string WorkingDirectory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return "/";
        }
    }

    private static string ReadHidden()
    {
        var text = new System.Text.StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key == ConsoleKey.Backspace) text.Length = Math.Max(0, text.Length - 1);
            else if (key.KeyChar != 0) text.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return text.ToString();
    }

    private static int Size(Func<int> read, int otherwise)
    {
        try
        {
            return read() is > 0 and var size ? size : otherwise;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return otherwise;
        }
    }
}
