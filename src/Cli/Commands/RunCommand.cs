// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster run</c> and <c>cluster service create</c>: one new service from flags.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command under either name.</summary>
    public static Command Make(CommandShell shell, string name)
    {
        var words = name == "run" ? "run" : "service create";
        var command = new CliCommand(name, "Create a service from an image and wait until it runs.", $"""
            cluster {words} --name web --replicas 3 -p 8080 --health-http 8080/healthz registry.lab:5000/web:1
            """);
        var image = new Argument<string>("IMAGE") { Description = "The image" };
        var arguments = new Argument<string[]>("CMD") { Description = "Replaces the image's command", Arity = ArgumentArity.ZeroOrMore };
        var serviceName = new Option<string?>("--name") { Description = "Name of the service: a DNS label (default: from the image)",
            HelpName = "NAME" };
        var stack = new Option<string?>("--stack") { Description = "Stack of the service (default: default)", HelpName = "STACK" };
        var flags = new ServiceFlags(isUpdate: false);
        var wait = new WaitOptions();
        command.Add(image);
        command.Add(arguments);
        command.Add(serviceName);
        command.Add(stack);
        flags.AddTo(command);
        wait.AddTo(command);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var reference = parse.GetValue(image)!;
            var full = Name(parse.GetValue(serviceName), parse.GetValue(stack), reference);
            var spec = new ServiceSpec { Name = full, Container = new ContainerSpec { Image = reference } };
            if (parse.GetValue(arguments) is { Length: > 0 } replaced)
                spec = spec with { Container = spec.Container with { Command = [.. replaced] } };
            if (wait.DeadlineOf(parse) is { } deadline) spec = spec with { ProgressDeadline = deadline };
            spec = SpecCheck.Checked(FlagReader.Apply(flags, parse, session.Environment, spec));
            return await CreateAsync(session, spec, wait, parse, cancellationToken);
        });
    }

    private static async Task<ExitCode> CreateAsync(
        CliSession session, ServiceSpec spec, WaitOptions wait, ParseResult parse, CancellationToken cancellationToken)
    {
        var request = new V1.ApplyServiceRequest { RequestId = RequestId.New(), Spec = spec.ToWire(), Expect = V1.Expect.Absent };
        session.Note($"+ {spec.Name.Display}   {PlanText.Describe(spec)}");
        var response = await session.Cluster.MutateAsync(
            (invoker, options) => new V1.ServiceApi.ServiceApiClient(invoker).ApplyAsync(request, options), cancellationToken);
        return await ChangeFlow.FinishAsync(
            session, $"Creating {spec.Name.Display}", $"Created {spec.Name.Display}", [response.Service], wait, parse, cancellationToken);
    }

    private static ServiceName Name(string? name, string? stack, string image)
    {
        var full = name is null ? new ServiceName(ServiceName.DefaultStack, FromImage(image)) : ServiceName.Parse(name);
        return stack is null ? full : full with { Stack = stack };
    }

    // registry:5000/team/web:1@sha256… is "web".
    private static string FromImage(string image)
    {
        var last = image.Split('@')[0].Split('/')[^1].Split(':')[0];
        return NameText.ToLabel(last) ?? throw new CliException(ExitCode.BadInput,
            $"no name can be made of the image '{image}': give --name");
    }
}
