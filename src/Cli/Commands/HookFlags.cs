// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Model;
using static ClusterManager.Cli.Commands.PolicyFlag;

namespace ClusterManager.Cli.Commands;

/// <summary>The flags that say what runs once before and after a rollout.</summary>
internal sealed class HookFlags
{
    private const string CommandAllowed = "a command line, or nothing for none";

    private readonly Option<string?> _pre = Make("--pre-deploy", "Run once on the new image before anything is touched", "COMMAND");
    private readonly Option<string?> _preTimeout = Make("--pre-deploy-timeout", "How long that may take (default 5m)", "DURATION");
    private readonly Option<string?> _post = Make("--post-deploy", "Run once when all new replicas are good", "COMMAND");
    private readonly Option<string?> _postTimeout = Make("--post-deploy-timeout", "How long that may take (default 5m)", "DURATION");

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_pre, _preTimeout, _post, _postTimeout];

    /// <summary>The policy with the flags.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="policy">What was set before.</param>
    /// <param name="errors">Takes what is not understood.</param>
    public UpdatePolicy Apply(ParseResult parse, UpdatePolicy policy, List<string> errors)
    {
        policy = Read(
            _pre, (p, text) => Words(text) is { } words ? p with { PreDeploy = Hook(p.PreDeploy, words) } : null, CommandAllowed);
        policy = Read(
            _post, (p, text) => Words(text) is { } words ? p with { PostDeploy = Hook(p.PostDeploy, words) } : null, CommandAllowed);
        policy = Read(_preTimeout, (p, text) => Timed(p.PreDeploy, text) is { } hook ? p with { PreDeploy = hook } : null,
            Allowed(HookKind.PreDeploy));
        return Read(_postTimeout, (p, text) => Timed(p.PostDeploy, text) is { } hook ? p with { PostDeploy = hook } : null,
            Allowed(HookKind.PostDeploy));

        UpdatePolicy Read(Option<string?> option, Func<UpdatePolicy, string, UpdatePolicy?> read, string allowed) =>
            PolicyFlag.Read(parse, policy, option, read, allowed, errors);
    }

    private static string[]? Words(string text) => ShellWords.TrySplit(text, out var words) ? [.. words] : null;

    /// <summary>Nothing takes the hook away.</summary>
    private static HookSpec? Hook(HookSpec? before, string[] words) => words.Length == 0 ? null
        : before is null ? new HookSpec { Command = [.. words] } : before with { Command = [.. words] };

    private static HookSpec? Timed(HookSpec? hook, string text) =>
        hook is not null && DurationText.TryParse(text, out var span) ? hook with { Timeout = span } : null;

    private static string Allowed(HookKind kind) => $"beside a {HookSlot.Word(kind)} command, {DurationText.Allowed}";
}
