// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>
/// <c>cluster plan</c>: what a deploy, an update or a scaling would do. Nothing is changed. Exit code 0; 5 or 1 when it would fail, by why.
/// </summary>
internal static class PlanCommand
{
    // The leader answers within its own limits; a large plan takes seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private sealed record Options(
        Argument<string[]> Targets, Option<string?> File, Option<bool> Prune, Option<string[]> AllowIgnored, ServiceFlags Flags,
        Option<bool> Force, Option<bool> All, WaitOptions Wait);

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("plan",
            "Show what a deploy, an update or a scaling would do: on which node, in which order, for how long. Nothing is changed.",
            "cluster plan shop.yml\ncluster plan -f shop.yml --prune staging\ncluster plan web --image registry.lab:5000/web:2\n"
            + "cluster plan web=5 shop/api=2");
        var options = new Options(
            new Argument<string[]>("FILE|SERVICE|SERVICE=N")
            {
                Description = "A compose file (and a stack), a service with the flags of update, or numbers of replicas",
                Arity = ArgumentArity.ZeroOrMore,
            },
            new Option<string?>("--file", "-f") { Description = "Compose file; - reads standard input", HelpName = "FILE" },
            new Option<bool>("--prune") { Description = "As in deploy: services that the file does not have are removed" },
            new Option<string[]>("--allow-ignored") { Description = "As in deploy", HelpName = "KEY", Arity = ArgumentArity.OneOrMore },
            new ServiceFlags(isUpdate: true),
            new Option<bool>("--force") { Description = "As in update: the containers are replaced though nothing changed" },
            new Option<bool>("--all") { Description = "All steps, not only the first ones" },
            new WaitOptions());
        options.Targets.CompletionSources.Add(NameCompletion.Services(shell));
        command.Add(options.Targets);
        command.Add(options.File);
        command.Add(options.Prune);
        command.Add(options.AllowIgnored);
        options.Flags.AddTo(command);
        command.Add(options.Force);
        command.Add(options.All);
        command.Add(options.Wait.Timeout);
        return shell.Bind(command, (session, parse, cancellationToken) => RunAsync(session, parse, options, cancellationToken));
    }

    private static async Task<ExitCode> RunAsync(
        CliSession session, ParseResult parse, Options options, CancellationToken cancellationToken)
    {
        var (request, command) = await RequestAsync(session, parse, options, cancellationToken);
        var plan = await AskAsync(session, request, cancellationToken);
        if (session.Print.IsForPrograms)
        {
            session.Print.List([PlanView.Of(plan)], one => one.Id, ViewJson.Default.PlanView, []);
        }
        else
        {
            PlanReport.Show(session, plan, parse.GetValue(options.All));
            if (plan.Services.Any(one => one.Change != V1.AppliedService.Types.Change.Unchanged))
                session.Print.Line($"To do exactly this: {command} --plan {plan.Id}");
        }

        // What goes back or never comes by the failure of another service says nothing of its own.
        return WaitVerdict.OfReasons(plan.Services.Select(one => one.Impossible).OfType<V1.Reason>()
            .Where(reason => reason.Code != (int)ReasonCode.ReleaseReturned));
    }

    /// <summary>Asks the leader for a plan.</summary>
    public static Task<V1.ChangePlan> AskAsync(CliSession session, V1.PlanRequest request, CancellationToken cancellationToken) =>
        session.Cluster.ReadAsync(
            (invoker, call) => new V1.PlanApi.PlanApiClient(invoker).PlanAsync(request, call), Limit, cancellationToken);

    private static async Task<(V1.PlanRequest Request, string Command)> RequestAsync(
        CliSession session, ParseResult parse, Options options, CancellationToken cancellationToken)
    {
        var targets = parse.GetValue(options.Targets) ?? [];
        var file = parse.GetValue(options.File);
        var deadline = options.Wait.DeadlineOf(parse);
        if (file is null && targets.Length is 1 or 2 && ComposeSource.IsFile(targets[0])) (file, targets) = (targets[0], targets[1..]);
        if (file is not null)
        {
            if (targets.Length > 1) throw new CliException(ExitCode.BadInput, "with a file at most one stack is named");
            if (options.Flags.AnyGiven(parse) || parse.GetValue(options.Force))
                throw new CliException(ExitCode.BadInput, "a file says all about its services: the flags of update do not go with it");
            return Deploy(session, parse, options, file, targets.FirstOrDefault());
        }

        if (targets.Length > 0 && targets.All(target => target.Contains('=', StringComparison.Ordinal)))
        {
            var scale = ServiceScaleCommand.Request(targets, deadline);
            return (new V1.PlanRequest { Scale = scale }, $"cluster scale {string.Join(' ', targets)}");
        }

        if (targets.Length != 1)
            throw new CliException(ExitCode.BadInput, "a compose file, one service with what is to change, or SERVICE=N is expected",
                "cluster plan --help");
        if (!options.Flags.AnyGiven(parse) && !parse.GetValue(options.Force) && deadline is null)
            throw new CliException(ExitCode.BadInput, "no change is given", "cluster update --help");
        var name = ServiceName.Parse(targets[0]);
        var change = ServiceUpdateCommand.Of(session, parse, options.Flags, name, parse.GetValue(options.Force));
        var (_, apply) = await change.RequestAsync(session, deadline, cancellationToken);
        return (new V1.PlanRequest { Apply = apply }, $"cluster update {name.Display} … (the same flags)");
    }

    private static (V1.PlanRequest Request, string Command) Deploy(
        CliSession session, ParseResult parse, Options options, string file, string? stack)
    {
        var result = ComposeSource.Understood(
            session, file, stack, parse.GetValue(options.AllowIgnored) ?? [], "nothing can be planned");
        var deploy = new V1.DeployRequest { Stack = result.Stack, Prune = parse.GetValue(options.Prune) };
        var deadline = options.Wait.DeadlineOf(parse);
        deploy.Services.AddRange(result.Services.Select(
            spec => (deadline is { } given ? spec with { ProgressDeadline = given } : spec).ToWire()));
        if (!session.Print.IsForPrograms)
        {
            session.Print.Line($"Plan for stack {result.Stack} on cluster {session.Cluster.ContextName}");
            if (StackOrder.Of(result.Services) is { } order) session.Print.Line($"order: {order}");
        }

        var timeout = parse.GetValue(options.Wait.Timeout) is { } text ? $" --timeout {text}" : "";
        var command = $"cluster deploy -f {file}{(stack is null ? "" : $" {stack}")}{(deploy.Prune ? " --prune" : "")}{timeout}";
        return (new V1.PlanRequest { Deploy = deploy }, command);
    }
}
