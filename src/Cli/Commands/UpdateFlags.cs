// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Compose;
using ClusterManager.Cli.Compose.Sections;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Model;
using static ClusterManager.Cli.Commands.PolicyFlag;

namespace ClusterManager.Cli.Commands;

/// <summary>The flags that say how replicas are replaced by newer ones.</summary>
internal sealed class UpdateFlags
{
    private readonly Option<string?> _parallelism = Make("--update-parallelism", "Replicas replaced at once: a number, 25% or auto", "N");
    private readonly Option<string?> _order = Make("--update-order", "start-first, stop-first or auto", "ORDER");
    private readonly Option<string?> _delay = Make("--update-delay", "Rest after each batch", "DURATION");
    private readonly Option<string?> _monitor = Make("--update-monitor", "How long a new replica must have served to be good", "DURATION");
    private readonly Option<string?> _ratio = Make("--update-max-failure-ratio", "Share of the replicas that may fail, 0 to 1", "RATIO");
    private readonly Option<string?> _action = Make("--update-failure-action", "rollback, pause or continue", "ACTION");

    private readonly Option<string?> _strategy = Make("--update-strategy", "rolling, canary or blue_green", "STRATEGY");
    private readonly Option<string?> _steps = Make("--update-steps", "A canary's steps, for example 1,25%,100%", "STEPS");
    private readonly Option<string?> _hold = Make("--update-hold", "How long a canary's step, or a new colour, is looked at", "DURATION");
    private readonly Option<string?> _keep = Make("--update-keep-old", "How long an old colour runs on after the switch", "DURATION");
    private readonly Option<string?> _promote =
        Make("--update-promote", "auto, or manual: each step or switch waits for rollout approve", "HOW");

    private readonly HookFlags _hooks = new();

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All =>
        [_parallelism, _order, _delay, _monitor, _ratio, _action, _strategy, _steps, _hold, _keep, _promote, .. _hooks.All];

    /// <summary>The policy with the flags.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="policy">What was set before.</param>
    /// <param name="errors">Takes what is not understood.</param>
    public UpdatePolicy Apply(ParseResult parse, UpdatePolicy policy, List<string> errors)
    {
        policy = _hooks.Apply(parse, policy, errors);
        policy = Read(_parallelism, UpdateText.Parallelism, UpdateText.ParallelismAllowed);
        policy = Read(_order, UpdateText.Order, UpdateText.OrderAllowed);
        policy = Read(_ratio, UpdateText.Ratio, UpdateText.RatioAllowed);
        policy = Read(_action, UpdateText.Action, UpdateText.ActionAllowed);
        policy = Read(_strategy, StrategyText.Strategy, StrategyText.StrategyAllowed);
        policy = Read(_steps, StrategyText.Steps, StrategyText.StepsAllowed);
        policy = Read(_promote, StrategyText.Promote, StrategyText.PromoteAllowed);
        policy = Read(_hold, (p, text) => Span(text) is { } span ? p with { Hold = span } : null, DurationText.Allowed);
        policy = Read(_keep, (p, text) => Span(text) is { } span ? p with { KeepOld = span } : null, DurationText.Allowed);
        policy = Read(_delay, (p, text) => Span(text) is { } span ? p with { Delay = span } : null, DurationText.Allowed);
        return Read(_monitor, (p, text) => Span(text) is { } span ? p with { Monitor = span } : null, DurationText.Allowed);

        UpdatePolicy Read(Option<string?> option, Func<UpdatePolicy, string, UpdatePolicy?> read, string allowed) =>
            PolicyFlag.Read(parse, policy, option, read, allowed, errors);
    }

    private static TimeSpan? Span(string text) => DurationText.TryParse(text, out var span) ? span : null;
}
