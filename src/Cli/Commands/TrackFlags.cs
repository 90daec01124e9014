// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Compose;
using ClusterManager.Cli.Compose.Sections;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Model;
using static ClusterManager.Cli.Commands.PolicyFlag;

namespace ClusterManager.Cli.Commands;

/// <summary>The flags that say what is followed in the image's registry.</summary>
internal sealed class TrackFlags
{
    private readonly Option<string?> _follow = Make("--track", "Follow the registry: none, tag, or 'semver ^1.2'", "WHAT");
    private readonly Option<string?> _via = Make("--track-via", "Look by poll or by webhook", "WAY");
    private readonly Option<string?> _interval = Make("--track-interval", "Time between two looks, 5s to 24h (default 1m)", "DURATION");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_follow, _via, _interval];

    /// <summary>The policy with the flags.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="policy">What was set before.</param>
    /// <param name="errors">Takes what is not understood.</param>
    public TrackPolicy Apply(ParseResult parse, TrackPolicy policy, List<string> errors)
    {
        policy = Read(_follow, TrackText.Follow, TrackText.FollowAllowed);
        policy = Read(_via, TrackText.Via, TrackText.ViaAllowed);
        policy = Read(_interval, static (p, text) => DurationText.TryParse(text, out var span) ? p with { Interval = span } : null,
            DurationText.Allowed);
        if (policy.Kind == TrackKind.None && policy != TrackPolicy.None)
            errors.Add($"{_via.Name}, {_interval.Name}: nothing is followed: {_follow.Name} says what");
        return policy;

        TrackPolicy Read(Option<string?> option, Func<TrackPolicy, string, TrackPolicy?> read, string allowed) =>
            PolicyFlag.Read(parse, policy, option, read, allowed, errors);
    }
}
