// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;

namespace ClusterManager.Cli.Shell;

/// <summary>One run of one command: where it prints and whom it talks to.</summary>
internal sealed class CliSession : IDisposable
{
    private readonly string? _contextFlag;
    private readonly string[] _managerFlag;
    private ClusterConnection? _cluster;

    public CliSession(CliEnvironment environment, GlobalOptions options, ParseResult parse)
    {
        var color = parse.GetValue(options.Color);
        Environment = environment;
        Print = new Printer(environment, options.FormatOf(parse), !parse.GetValue(options.NoTrunc));
        OutStyle = Style.Decide(color, environment, environment.IsOutTerminal && !Print.IsForPrograms);
        ErrorStyle = Style.Decide(color, environment, environment.IsErrorTerminal);
        IsQuiet = parse.GetValue(options.Quiet);
        _contextFlag = parse.GetValue(options.Context);
        _managerFlag = parse.GetValue(options.Manager) ?? [];
    }

    /// <summary>What comes from outside.</summary>
    public CliEnvironment Environment { get; }

    /// <summary>Prints results.</summary>
    public Printer Print { get; }

    /// <summary>Colour of results.</summary>
    public Style OutStyle { get; }

    /// <summary>Colour of progress and errors.</summary>
    public Style ErrorStyle { get; }

    /// <summary>True with <c>-q</c>.</summary>
    public bool IsQuiet { get; }

    /// <summary>The cluster of the context. Nothing is connected before the first call.</summary>
    public ClusterConnection Cluster => _cluster ??= new ClusterConnection(Environment, Resolve().Context, text => Note($"notice: {text}"));

    /// <summary>The context and where it came from.</summary>
    public ResolvedContext Resolve() =>
        ContextResolver.Resolve(Environment, ContextFile.Load(ContextFile.PathFor(Environment)), _contextFlag, _managerFlag);

    /// <summary>The time now.</summary>
    public DateTimeOffset Now => Environment.Time.GetUtcNow();

    /// <summary>Writes a line of progress or a notice.</summary>
    public void Note(string text) => Environment.Error.WriteLine(text);

    /// <summary>Suggests the next command, at most once a run; not for programs, and not with <c>CLUSTER_HINTS=off</c>.</summary>
    public void Hint(string text)
    {
        if (!Print.IsForPrograms && Environment.Variable("CLUSTER_HINTS") != "off") Note(text);
    }

    /// <summary>Asks before something is lost.</summary>
    /// <param name="question">What is lost, on which cluster.</param>
    /// <param name="isConfirmed">True with <c>--yes</c>.</param>
    /// <exception cref="CliException">Nobody can answer, or the answer was no.</exception>
    public void Confirm(string question, bool isConfirmed)
    {
        if (isConfirmed || Environment.Variable("CLUSTER_YES") == "1") return;
        if (Environment.In is not { } answers || !Environment.IsErrorTerminal)
            throw new CliException(ExitCode.BadInput, $"{question} Nobody can be asked here: confirm with --yes or CLUSTER_YES=1");
        Environment.Error.Write($"{question} [y/N] ");
        if (answers.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
            throw new CliException(ExitCode.BadInput, "not confirmed: nothing was changed");
    }

    /// <inheritdoc/>
    public void Dispose() => _cluster?.Dispose();
}
