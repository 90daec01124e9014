// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster service inspect</c> and <c>cluster inspect</c>: everything about services, as JSON or YAML.</summary>
internal static class ServiceInspectCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("inspect", "Show everything about services, as JSON (or -o yaml).",
            "cluster inspect web | jq '.[0].spec'");
        var names = new Argument<string[]>("SERVICE") { Description = "Services", Arity = ArgumentArity.OneOrMore };
        names.CompletionSources.Add(NameCompletion.Services(shell));
        command.Add(names);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var documents = new JsonArray();
            foreach (var name in parse.GetValue(names)!)
            {
                var detail = await ServiceCalls.GetAsync(session, ServiceName.Parse(name), cancellationToken);
                documents.Add((JsonNode)new JsonObject
                {
                    ["status"] = JsonSerializer.SerializeToNode(ServiceView.Of(detail.Status), ViewJson.Default.ServiceView),
                    ["spec"] = detail.Spec is null ? null : SpecJson.Of(detail.Spec.ToModel()),
                    ["resolvedImage"] = detail.ResolvedImage.Length == 0 ? null : detail.ResolvedImage,
                    ["createdAt"] = TimeText.Rfc3339(detail.CreatedUnixMs),
                    ["createdBy"] = detail.CreatedBy,
                    ["allocations"] = new JsonArray([.. detail.Status.Allocations.Select(
                        a => JsonSerializer.SerializeToNode(AllocationRow.Of(a), ViewJson.Default.AllocationRow))]),
                });
            }

            if (session.Print.Format != OutputFormat.Name) session.Print.Document(documents);
            else foreach (var name in parse.GetValue(names)!) session.Print.Line(name);
            return ExitCode.Done;
        });
    }
}
