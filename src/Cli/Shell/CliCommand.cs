// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Output;

namespace ClusterManager.Cli.Shell;

/// <summary>A command with an example for its help.</summary>
/// <param name="name">The word typed.</param>
/// <param name="description">One sentence.</param>
/// <param name="example">Lines that can be typed as they are.</param>
internal sealed class CliCommand(string name, string description, string example) : Command(name, description)
{
    /// <summary>Lines that can be typed as they are.</summary>
    public string Example => example;

    /// <summary>True when the command ends by SIGTERM in its own time; all others end within seconds.</summary>
    public bool OwnsSignals { get; init; }
}

/// <summary>What all commands are made with: the environment, the common options, and the one place where failures become exit
/// codes.</summary>
/// <param name="environment">What comes from outside.</param>
internal sealed class CommandShell(CliEnvironment environment)
{
    /// <summary>What comes from outside.</summary>
    public CliEnvironment Environment => environment;

    /// <summary>The common options.</summary>
    public GlobalOptions Options { get; } = new();

    /// <summary>Gives a command its body.</summary>
    public CliCommand Bind(CliCommand command, Func<CliSession, ParseResult, CancellationToken, Task<ExitCode>> body)
    {
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = new CliSession(environment, Options, parse);
            return (int)await RunAsync(session, () => body(session, parse, cancellationToken), cancellationToken);
        });
        return command;
    }

    private static async Task<ExitCode> RunAsync(CliSession session, Func<Task<ExitCode>> body, CancellationToken cancellationToken)
    {
        try
        {
            return await body();
        }
        catch (CliException e)
        {
            Report(session, e);
            return e.Code;
        }
        catch (BootstrapException e)
        {
            var lines = e.Message.Split('\n');
            Report(session, new CliException((ExitCode)e.Code, lines[0]) { Details = lines[1..] });
            return (ExitCode)e.Code;
        }
        catch (Exception e) when (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            // The reader of our output went away ("| head"): nobody is left to tell.
            return ExitCode.Failed;
        }
        catch (Exception e) when (session.Environment.Variable("CLUSTER_DEBUG") is null)
        {
            session.Note($"{session.ErrorStyle.Bad("error")}: this should not have happened: {e.GetType().Name}: {e.Message}");
            session.Note("next: run it again with CLUSTER_DEBUG=1 and report what it prints");
            return ExitCode.Failed;
        }
    }

    private static void Report(CliSession session, CliException e)
    {
        session.Note($"{session.ErrorStyle.Bad("error")}: {e.Message}");
        foreach (var detail in e.Details) session.Note($"  {detail}");
        if (e.Next is not null) session.Hint($"next: {e.Next}");
    }
}
