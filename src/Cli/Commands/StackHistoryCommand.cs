// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster stack history</c>: the kept releases of a stack, how they ended, and what they are made of.</summary>
internal static class StackHistoryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("history", "List the kept releases of a stack, newest first.",
            "cluster stack history shop\ncluster stack rollback shop --to 7");
        var name = StackArgument.Make();
        command.Add(name);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.StackHistoryRequest { Stack = parse.GetValue(name)! };
            var history = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.StackApi.StackApiClient(invoker).HistoryAsync(request, options), cancellationToken);
            var now = session.Now;
            session.Print.List([.. history.Releases.Select(ReleaseView.Of)],
                one => one.Release.ToString(CultureInfo.InvariantCulture), ViewJson.Default.ReleaseView,
            [
                new("RELEASE", one => one.Release.ToString(CultureInfo.InvariantCulture)),
                new("CREATED", one => TimeText.Ago(one.CreatedUnixMs, now)),
                new("BY", one => one.Actor),
                new("SERVICES", Services, Shortening.Image),
                new("ENDED", Ended),
            ]);
            return ExitCode.Done;
        });
    }

    private static string Services(ReleaseView release) => string.Join(", ", release.Services.Where(one => one.Revision > 0)
        .Select(one => one.Digest is null ? $"{one.Name}:{one.Revision}" : $"{one.Name}:{one.Revision}@{ReleaseView.Short(one.Digest)}"));

    private static string Ended(ReleaseView release)
    {
        var of = release.RollbackOf is { } number ? $" (rollback to {number})" : "";
        return release.Failed is null ? $"{release.State}{of}" : $"{release.State}{of}   {release.Failed}: {release.Reason}";
    }
}
