// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Doctor;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Files;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>
/// <c>cluster doctor</c>: looks at every machine and says what will hurt. Exit code 1 with at least one alarm, else 0: hints are advice.
/// </summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("doctor", "Look at every machine and say what will hurt (exit code 1 when there is an alarm).",
            "cluster doctor\ncluster doctor --all\ncluster doctor -o json");
        var all = new Option<bool>("--all") { Description = "Show also what is as it should be" };
        var directory = MachineFlags.MakeDataDirectory();
        command.Add(all);
        command.Add(directory);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var paths = ClusterPaths.Resolve(parse.GetValue(directory) ?? session.Environment.Variable(ClusterPaths.EnvironmentVariable));
            var local = await new LocalChecks(paths, session.Environment.Time).RunAsync(cancellationToken);
            try
            {
                var findings = await AskAsync(session, cancellationToken);
                Show(session, [.. local, .. findings], parse.GetValue(all));
                return local.Concat(findings).Any(one => one.Severity == "alarm") ? ExitCode.Failed : ExitCode.Done;
            }
            catch (CliException) when (local.Any(one => one.Severity == "alarm"))
            {
                // Without a manager what this machine says of itself may be the reason.
                Show(session, local, parse.GetValue(all));
                throw;
            }
        });
    }

    private static async Task<IReadOnlyList<FindingView>> AskAsync(CliSession session, CancellationToken cancellationToken)
    {
        var before = session.Now;
        var diagnosis = await session.Cluster.ReadAsync(
            (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).DiagnoseAsync(new V1.DiagnoseRequest(), options), Limit,
            cancellationToken);
        var leader = DateTimeOffset.FromUnixTimeMilliseconds(diagnosis.NowUnixMs);
        var here = new List<FindingView> { OperatorChecks.Clock(before, leader, session.Now) };
        var end = OperatorChecks.EndOf(session.Resolve().Context.CertificatePem);
        if (OperatorChecks.Certificate(end, session.Now) is { } certificate) here.Add(certificate);
        return [.. diagnosis.Findings.Select(FindingView.Of), .. here];
    }

    private static void Show(CliSession session, IReadOnlyList<FindingView> findings, bool isAll)
    {
        var sorted = findings.OrderBy(FindingView.RankOf).ThenBy(one => one.Node, StringComparer.Ordinal).ToList();
        if (session.Print.IsForPrograms)
        {
            session.Print.List(sorted, one => $"{one.Severity}/{one.Check}/{one.Node ?? "cluster"}", ViewJson.Default.FindingView, []);
            return;
        }

        session.Print.Line(Verdict(session.OutStyle, sorted));
        var shown = isAll ? sorted : [.. sorted.Where(one => one.Severity != "ok")];
        if (shown.Count == 0) return;
        session.Print.Table(shown,
        [
            new("FINDING", one => one.Severity == "alarm" ? "ALARM" : one.Severity),
            new("CHECK", one => one.Check),
            new("NODE", one => one.Node ?? "-"),
            new("VALUE", one => one.Value),
            new("EXPECTED", one => one.Expected ?? "-"),
            new("DO", one => one.Remedy ?? "-"),
        ]);
    }

    private static string Verdict(Style style, List<FindingView> findings)
    {
        int Count(string severity) => findings.Count(one => one.Severity == severity);
        var (alarms, hints) = (Count("alarm"), Count("hint"));
        var figures = string.Create(CultureInfo.InvariantCulture, $"{Plural(alarms, "alarm")}, {Plural(hints, "hint")}, {Count("ok")} ok");
        return alarms == 0 ? $"{style.Good("no alarm")}: {figures}" : $"{style.Bad(Plural(alarms, "alarm"))}: {figures}";
    }

    private static string Plural(int count, string word) => $"{count} {word}{(count == 1 ? "" : "s")}";
}
