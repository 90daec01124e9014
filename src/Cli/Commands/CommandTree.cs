// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Shell;

namespace ClusterManager.Cli.Commands;

/// <summary>All commands, in the order of the help.</summary>
internal static class CommandTree
{
    /// <summary>Makes them anew for one command line.</summary>
    public static IEnumerable<Command> Make(CommandShell shell, Command root) =>
    [
        InitCommand.Make(shell),
        JoinCommand.Make(shell),
        StatusCommand.Make(shell),
        DoctorCommand.Make(shell),
        DeployCommand.Make(shell),
        PlanCommand.Make(shell),
        DiffCommand.Make(shell),
        DriftCommand.Make(shell),
        RunCommand.Make(shell, "run"),
        Service(shell),
        StackCommands.Make(shell),
        ServiceLsCommand.Make(shell),
        ServicePsCommand.Make(shell),
        ServiceInspectCommand.Make(shell),
        ServiceScaleCommand.Make(shell),
        ServiceUpdateCommand.Make(shell),
        RollbackCommand.Make(shell),
        RolloutCommands.Make(shell),
        ServiceRmCommand.Make(shell),
        LogsCommand.Make(shell),
        ExplainCommand.Make(shell),
        ImageCommands.Make(shell),
        RegistryCommands.Make(shell),
        NodeCommands.Make(shell),
        TokenCommands.Make(shell),
        ContextCommands.Make(shell),
        HostCommands.Make(shell),
        BackupCommand.Make(shell),
        RestoreCommand.Make(shell),
        RecoverCommands.Make(shell),
        CompletionCommand.Make(shell),
        CompletionCommand.MakeComplete(shell, root),
        ManCommand.Make(shell, root),
        VersionCommand.Make(shell),
        HelpCommand.Make(shell, root),
    ];

    private static CliCommand Service(CommandShell shell)
    {
        var group = new CliCommand("service", "Services and their replicas.", "cluster service ls");
        group.Add(RunCommand.Make(shell, "create"));
        group.Add(ServiceLsCommand.Make(shell));
        group.Add(ServicePsCommand.Make(shell));
        group.Add(ServiceInspectCommand.Make(shell));
        group.Add(ServiceScaleCommand.Make(shell));
        group.Add(ServiceUpdateCommand.Make(shell));
        group.Add(ServiceHistoryCommand.Make(shell));
        group.Add(RollbackCommand.Make(shell));
        group.Add(ServiceRmCommand.Make(shell));
        group.Add(LogsCommand.Make(shell));
        group.Add(ExplainCommand.Make(shell));
        return group;
    }
}
