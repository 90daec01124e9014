// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Progress;

/// <summary>The options of every command that changes services: wait or not, and how long.</summary>
internal sealed class WaitOptions
{
    /// <summary>Do not wait.</summary>
    public Option<bool> Detach { get; } = new("--detach", "-d") { Description = "Return at once; the cluster goes on" };

    /// <summary>The server's deadline.</summary>
    public Option<string?> Timeout { get; } = new(
        "--timeout") { Description = "Time without progress after which the change has failed (default 5m)", HelpName = "DURATION" };

    /// <summary>Our own limit.</summary>
    public Option<string?> WaitLimit { get; } = new(
        "--wait-limit") { Description = "Stop waiting after this time with exit code 6; the cluster goes on", HelpName = "DURATION" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command, bool withTimeout = true)
    {
        command.Add(Detach);
        if (withTimeout) command.Add(Timeout);
        command.Add(WaitLimit);
    }

    /// <summary>The deadline that was given; null: none.</summary>
    public TimeSpan? DeadlineOf(ParseResult parse) => Read(parse, Timeout, TimeSpan.FromSeconds(1));

    /// <summary>Our own limit; null: none.</summary>
    public TimeSpan? LimitOf(ParseResult parse) => Read(parse, WaitLimit, TimeSpan.Zero);

    private static TimeSpan? Read(ParseResult parse, Option<string?> option, TimeSpan min)
    {
        if (parse.GetValue(option) is not { } text) return null;
        if (DurationText.TryParse(text, out var value) && value >= min && value <= TimeSpan.FromDays(1)) return value;
        throw new CliException(ExitCode.BadInput, $"{option.Name}: '{text}' is not understood: {DurationText.Allowed}, at most 24h");
    }
}

/// <summary>What follows after the server accepted a change: wait, or say how to look at it.</summary>
internal static class ChangeFlow
{
    /// <summary>Finishes a command.</summary>
    /// <param name="session">Where it prints.</param>
    /// <param name="what">What was asked, for example "Deploy of shop".</param>
    /// <param name="done">What is said at the end, for example "Deployed shop release 42".</param>
    /// <param name="applied">What the server answered.</param>
    /// <param name="options">Wait or not.</param>
    /// <param name="parse">The command line.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <param name="release">The release that was begun; null: each service is for itself.</param>
    public static async Task<ExitCode> FinishAsync(
        CliSession session, string what, string done, IReadOnlyList<V1.AppliedService> applied, WaitOptions options, ParseResult parse,
        CancellationToken cancellationToken, ReleaseTarget? release = null)
    {
        var begin = session.Environment.Time.GetTimestamp();
        var targets = applied
            .Where(a => a.Rollout > 0 || a.Change == V1.AppliedService.Types.Change.Removed)
            .Select(a => new WaitTarget(Words.NameOf(a.Name), a.Rollout, a.Change == V1.AppliedService.Types.Change.Removed,
                a.Change == V1.AppliedService.Types.Change.Unchanged)).ToArray();
        var code = ExitCode.Done;
        if (targets.Length > 0 && !parse.GetValue(options.Detach))
            code = await new RolloutWait(session, what, options.LimitOf(parse)).RunAsync(targets, cancellationToken, release);

        if (code == ExitCode.Done)
            Say(session, parse.GetValue(options.Detach) && targets.Length > 0, done, applied,
                session.Environment.Time.GetElapsedTime(begin));
        return code;
    }

    private static void Say(CliSession session, bool isDetached, string done, IReadOnlyList<V1.AppliedService> applied, TimeSpan took)
    {
        if (session.Print.IsForPrograms)
        {
            session.Print.List([.. applied.Select(AppliedView.Of)], a => a.Name, ViewJson.Default.AppliedView, []);
            return;
        }

        var isNothing = applied.All(a => a.Change is V1.AppliedService.Types.Change.Unchanged);
        if (isDetached) session.Print.Line($"Accepted; the cluster goes on. To see how: cluster ps {Words.NameOf(applied[0].Name)}");
        else session.Print.Line(isNothing ? "Nothing to do: everything is as asked." : $"{done} in {TimeText.Took(took)}.");
    }
}
