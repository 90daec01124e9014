// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster status</c>: is all well, in one line; then what is not. Exit code 0 or 1, so it can be a cron check.</summary>
internal static class StatusCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell) =>
        shell.Bind(new CliCommand("status", "Say whether all is well, then what is not (exit code 0 or 1).",
            "cluster status || mail -s 'cluster' ops"), async (session, _, cancellationToken) =>
        {
            var status = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).StatusAsync(new V1.StatusRequest(), options),
                cancellationToken);
            if (session.Print.Format == OutputFormat.Name) session.Print.Line(status.Healthy ? "ok" : "not-ok");
            else if (session.Print.IsForPrograms)
                session.Print.Document(new JsonArray(JsonSerializer.SerializeToNode(StatusView.Of(status), ViewJson.Default.StatusView)));
            else Show(session, status);
            return status.Healthy ? ExitCode.Done : ExitCode.Failed;
        });

    private static void Show(CliSession session, V1.ClusterStatus s)
    {
        session.Print.Line(Verdict(session.OutStyle, s));
        if (s.Brake) session.Print.Line("Nothing is moved: too many nodes went down at once. They return, or: cluster node confirm-loss");
        if (s.Problems.Count > 0)
            session.Print.Table(s.Problems,
            [
                new("WHAT", p => p.Object),
                new("SINCE", p => TimeText.Ago(p.SinceUnixMs, session.Now)),
                new("WHY", p => Words.TextOf(p.Reason)),
                new("NEXT", p => p.Command),
            ]);
        if (session.Print.Format != OutputFormat.Wide) return;
        session.Print.Line($"cluster {s.ClusterId}   leader {s.Leader} ({s.LeaderAddress})   version {StatusView.Of(s).Version}");
    }

    // The manager's line begins with the verdict itself, up to the colon.
    private static string Verdict(Style style, V1.ClusterStatus s)
    {
        var text = s.Summary.Length > 0 ? s.Summary : Summary(s);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var head = colon < 0 ? text : text[..colon];
        return $"{(s.Healthy ? style.Good(head) : style.Bad(head))}{text[head.Length..]}";
    }

    private static string Summary(V1.ClusterStatus s)
    {
        var verdict = s.Healthy ? "all is well" : s.Problems.Count == 1 ? "1 problem" : $"{s.Problems.Count} problems";
        return $"{verdict}: {s.NodesReady}/{s.Nodes} nodes ready, {s.ServicesOk}/{s.Services} services ok, "
            + $"{s.AllocationsRunning}/{s.AllocationsDesired} replicas running";
    }
}
