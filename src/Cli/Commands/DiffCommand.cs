// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster diff</c>: a file beside what is wanted in the cluster, or two revisions of a service, field by field.</summary>
internal static class DiffCommand
{
    private sealed record Options(
        Argument<string> Subject, Argument<string?> Stack, Option<int?> From, Option<int?> To, Option<bool> ShowValues,
        Option<string[]> AllowIgnored);

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("diff",
            "Show field by field how a compose file differs from what is wanted in the cluster, or a revision from another.",
            "cluster diff shop.yml\ncluster diff web --to 7\ncluster diff web --from 5 --to 7 -o json");
        var options = new Options(
            new Argument<string>("FILE|SERVICE") { Description = "A compose file, or a service" },
            new Argument<string?>("STACK") { Description = "Of the file (default: its name, then its folder)",
                Arity = ArgumentArity.ZeroOrOne },
            new Option<int?>("--from") { Description = "Revision on the left (default: the one wanted now)", HelpName = "REVISION" },
            new Option<int?>("--to") { Description = "Revision on the right (default: the one wanted now)", HelpName = "REVISION" },
            new Option<bool>("--show-values") { Description = "Show the values of environment variables too" },
            new Option<string[]>("--allow-ignored") { Description = "As in deploy", HelpName = "KEY", Arity = ArgumentArity.OneOrMore });
        options.Subject.CompletionSources.Add(NameCompletion.Services(shell));
        command.Add(options.Subject);
        command.Add(options.Stack);
        command.Add(options.From);
        command.Add(options.To);
        command.Add(options.ShowValues);
        command.Add(options.AllowIgnored);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var subject = parse.GetValue(options.Subject)!;
            Show(session, ComposeSource.IsFile(subject)
                ? await FileAsync(session, parse, options, subject, cancellationToken)
                : [await RevisionsAsync(session, parse, options, ServiceName.Parse(subject), cancellationToken)]);
            return ExitCode.Done;
        });
    }

    private static async Task<IReadOnlyList<DiffView>> FileAsync(
        CliSession session, ParseResult parse, Options options, string file, CancellationToken cancellationToken)
    {
        if (parse.GetValue(options.From) is not null || parse.GetValue(options.To) is not null)
            throw new CliException(ExitCode.BadInput, "--from and --to name revisions of a service, not of a file");
        var result = ComposeSource.Understood(
            session, file, parse.GetValue(options.Stack), parse.GetValue(options.AllowIgnored) ?? [], "nothing can be compared");
        var snapshot = await ServiceCalls.ListAsync(session, [], result.Stack, withAllocations: false, cancellationToken);
        var there = snapshot.Services.Select(service => service.Name.ToModel()).ToHashSet();
        var views = new List<DiffView>();
        foreach (var spec in result.Services)
        {
            var before = there.Remove(spec.Name)
                ? ServiceCalls.Running(await ServiceCalls.GetAsync(session, spec.Name, cancellationToken)) : null;
            // A file that names no number keeps the one that is wanted now.
            var after = before is not null && spec.Replicas is null ? spec with { Replicas = before.Replicas } : spec;
            views.Add(View(spec.Name, "cluster", "file", before, after, parse.GetValue(options.ShowValues)));
        }

        views.AddRange(there.Order().Select(name => new DiffView(name.Display, "removed", "cluster", "file", [])));
        return views;
    }

    private static async Task<DiffView> RevisionsAsync(
        CliSession session, ParseResult parse, Options options, ServiceName name, CancellationToken cancellationToken)
    {
        if (parse.GetValue(options.Stack) is not null)
            throw new CliException(ExitCode.BadInput, "a stack is named beside a file only: a service is STACK/NAME");
        var (from, to) = (parse.GetValue(options.From), parse.GetValue(options.To));
        if (from is null && to is null)
            throw new CliException(ExitCode.BadInput, "--to REVISION or --from REVISION is expected",
                $"cluster service history {name.Display}");
        if (from is < 1 || to is < 1) throw new CliException(ExitCode.BadInput, "a revision's number is 1 or more");
        var (left, right) = (await RevisionAsync(session, name, from, cancellationToken),
            await RevisionAsync(session, name, to, cancellationToken));
        return View(name, $"revision {left.View.Number}", $"revision {right.View.Number}", Template(left), Template(right),
            parse.GetValue(options.ShowValues));
    }

    /// <summary>The number of replicas belongs to the service and not to a revision.</summary>
    private static ServiceSpec Template(V1.RevisionDetail revision) => revision.Spec.ToModel() with { Replicas = null };

    private static Task<V1.RevisionDetail> RevisionAsync(
        CliSession session, ServiceName name, int? number, CancellationToken cancellationToken)
    {
        var request = new V1.RevisionRequest { Name = name.ToWire(), Revision = number ?? 0 };
        return session.Cluster.ReadAsync(
            (invoker, call) => new V1.PlanApi.PlanApiClient(invoker).RevisionAsync(request, call), cancellationToken);
    }

    private static DiffView View(ServiceName name, string from, string to, ServiceSpec? before, ServiceSpec after, bool showsValues)
    {
        if (before is null) return new DiffView(name.Display, "created", from, to, []);
        var fields = SpecChanges.Between(before, after, showsValues);
        return new DiffView(name.Display, fields.Count == 0 ? "unchanged" : "changed", from, to, fields);
    }

    private static void Show(CliSession session, IReadOnlyList<DiffView> views)
    {
        if (session.Print.IsForPrograms)
        {
            session.Print.List(views, view => view.Service, ViewJson.Default.DiffView, []);
            return;
        }

        foreach (var view in views)
        {
            session.Print.Line($"{view.Sign} {view.Service}   {Head(view)}");
            var width = view.Fields.Select(field => field.Field.Length).DefaultIfEmpty().Max();
            foreach (var field in view.Fields) session.Print.Line($"    {field.Field.PadRight(width)}   {field.Text}");
        }
    }

    private static string Head(DiffView view) => view.Change switch
    {
        "created" => $"only in the {view.To}",
        "removed" => $"only in the {view.From}",
        "changed" => $"{view.From} → {view.To}",
        _ => $"no difference between {view.From} and {view.To}",
    };
}
