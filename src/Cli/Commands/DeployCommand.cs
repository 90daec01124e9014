// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Compose;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Releases;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster deploy</c>: the services of a compose file, or another version of one service, until they run.</summary>
internal static class DeployCommand
{
    private sealed record Options(
        Option<string?> File, Argument<string?> Stack, Option<bool> Prune, Option<string[]> AllowIgnored, Option<string?> Plan,
        Option<bool> Force, Option<string?> DigestsFrom, Option<string?> Release, Option<string?> OnFailure,
        WaitOptions Wait);

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("deploy", "Deploy a compose file, or another version of a service, and wait until it runs.",
            "cluster deploy -f shop.yml\ncluster deploy -f shop.yml --timeout 2m staging\ncluster deploy shop/web@2.4.2");
        var options = new Options(
            new Option<string?>("--file", "-f") { Description = "Compose file; - reads standard input", HelpName = "FILE" },
            new Argument<string?>("STACK|SERVICE@VERSION")
            {
                Description = "With a file: the stack's name (default: the file's name, then its folder); "
                    + "else a service and a tag or digest",
                Arity = ArgumentArity.ZeroOrOne,
            },
            new Option<bool>("--prune") { Description = "Remove services of the stack that the file does not have" },
            new Option<string[]>("--allow-ignored") { Description = "A key that may be ignored, for example networks; may be repeated",
                HelpName = "KEY", Arity = ArgumentArity.OneOrMore },
            PlanOption.Make(),
            new Option<bool>("--force") { Description = "With a version: ask the registry again, and replace the containers in any case" },
            new Option<string?>("--digests-from")
            {
                Description = "With a file: the images by the digests that the cluster of this context runs", HelpName = "CONTEXT",
            },
            new Option<string?>("--release") { Description = "With a file: the digests of a file of 'stack release'", HelpName = "FILE" },
            OnFailureOption.Make(),
            new WaitOptions());
        command.Add(options.Stack);
        command.Add(options.File);
        command.Add(options.Prune);
        command.Add(options.AllowIgnored);
        command.Add(options.Plan);
        command.Add(options.Force);
        command.Add(options.DigestsFrom);
        command.Add(options.Release);
        command.Add(options.OnFailure);
        options.Wait.AddTo(command);
        return shell.Bind(command, (session, parse, cancellationToken) =>
        {
            CheckForm(parse, options);
            return parse.GetValue(options.File) is null
                ? DeployVersion.RunAsync(session, parse, parse.GetValue(options.Stack)!, parse.GetValue(options.Force), options.Wait,
                    cancellationToken)
                : RunAsync(session, parse, options, cancellationToken);
        });
    }

    // A file with its own flags, or a version with its own.
    private static void CheckForm(ParseResult parse, Options options)
    {
        var isVersion = DeployVersion.IsMeant(parse.GetValue(options.Stack));
        if (parse.GetValue(options.File) is null && !isVersion)
            throw new CliException(ExitCode.BadInput, "either --file FILE or SERVICE@VERSION is needed", "cluster deploy --help");
        if (IsGiven(parse, options.DigestsFrom) && IsGiven(parse, options.Release))
            throw new CliException(ExitCode.BadInput, "--digests-from and --release cannot stand together", "cluster deploy --help");
        Option[] misplaced = isVersion
            ? [options.File, options.Prune, options.AllowIgnored, options.Plan, options.DigestsFrom, options.Release, options.OnFailure]
            : [options.Force];
        var others = misplaced.Where(option => IsGiven(parse, option)).Select(option => option.Name).ToArray();
        if (others.Length > 0)
            throw new CliException(
                ExitCode.BadInput, $"{string.Join(", ", others)} cannot stand with {(isVersion ? "SERVICE@VERSION" : "a file")}",
                "cluster deploy --help");
    }

    private static bool IsGiven(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    private static async Task<ExitCode> RunAsync(
        CliSession session, ParseResult parse, Options options, CancellationToken cancellationToken)
    {
        var result = ComposeSource.Understood(session, parse.GetValue(options.File)!, parse.GetValue(options.Stack),
            parse.GetValue(options.AllowIgnored) ?? [], "nothing was deployed");
        IReadOnlyList<ServiceSpec> services = options.Wait.DeadlineOf(parse) is { } deadline
            ? [.. result.Services.Select(s => s with { ProgressDeadline = deadline })] : result.Services;
        if (await ReleaseAsync(session, parse, options, result.Stack!, cancellationToken) is { } release)
            services = ReleasePins.Pin(services, release);
        await ShowPlanAsync(session, result.Stack!, services, parse.GetValue(options.Prune), cancellationToken);
        var request = new V1.DeployRequest
        {
            RequestId = RequestId.New(), Stack = result.Stack, Prune = parse.GetValue(options.Prune),
            Plan = parse.GetValue(options.Plan) ?? "", Keep = OnFailureOption.IsKeep(parse, options.OnFailure),
        };
        request.Services.AddRange(services.Select(s => s.ToWire()));
        var response = await session.Cluster.MutateAsync(
            (invoker, call) => new V1.StackApi.StackApiClient(invoker).DeployAsync(request, call), cancellationToken);
        return await ChangeFlow.FinishAsync(
            session, $"Deploy of {result.Stack}", $"Deployed {result.Stack} release {response.Release}", response.Services, options.Wait,
            parse, cancellationToken, new ReleaseTarget(result.Stack!, response.Release));
    }

    private static async Task<Release?> ReleaseAsync(
        CliSession session, ParseResult parse, Options options, string stack, CancellationToken cancellationToken)
    {
        if (parse.GetValue(options.Release) is { } file)
            return ReleaseFile.Read(Path.GetFullPath(file, session.Environment.Directory), file);
        return parse.GetValue(options.DigestsFrom) is { } context
            ? await ReleaseSource.FromContextAsync(session, context, stack, cancellationToken) : null;
    }

    private static async Task ShowPlanAsync(
        CliSession session, string stack, IReadOnlyList<ServiceSpec> services, bool isPruning, CancellationToken cancellationToken)
    {
        var snapshot = await ServiceCalls.ListAsync(session, [], stack, withAllocations: false, cancellationToken);
        var running = snapshot.Services.Select(s => s.Name.Name).ToHashSet(StringComparer.Ordinal);
        session.Note($"Plan for stack {stack} on cluster {session.Cluster.ContextName}");
        var unchanged = new List<string>();
        foreach (var spec in services)
        {
            var before = running.Contains(spec.Name.Name)
                ? ServiceCalls.Running(await ServiceCalls.GetAsync(session, spec.Name, cancellationToken)) : null;
            if (before is null) session.Note($"  + {spec.Name.Name}   {PlanText.Describe(spec)}");
            else if (PlanText.Changes(before, spec) is { } changes) session.Note($"  ~ {spec.Name.Name}   {changes}");
            else unchanged.Add(spec.Name.Name);
        }

        if (unchanged.Count > 0) session.Note($"  = {string.Join(", ", unchanged)}   unchanged");
        var left = running.Except(services.Select(s => s.Name.Name)).Order(StringComparer.Ordinal).ToArray();
        if (StackOrder.Of(services) is { } order) session.Note($"  order: {order}");
        foreach (var name in left)
            session.Note(isPruning ? $"  - {name}   removed when all others have succeeded"
                : $"  = {name}   not in the file; kept (--prune removes it)");
    }
}
