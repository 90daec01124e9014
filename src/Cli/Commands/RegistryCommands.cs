// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Hosting.Security;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster registry login|ls|rm</c>: how the cluster proves itself to registries.</summary>
internal static class RegistryCommands
{
    private const int PasswordBytesMax = 16 * 1024;

    /// <summary>Makes the group.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand("registry", "Credentials of registries, kept encrypted by the managers.", "cluster registry ls");
        group.Add(Login(shell));
        group.Add(Ls(shell));
        group.Add(Rm(shell));
        return group;
    }

    private static CliCommand Login(CommandShell shell)
    {
        var command = new CliCommand("login", "Set the cluster's credential for a registry; a former one is replaced.",
            "cluster registry login registry.lab:5000 --username puller --password-stdin\n"
            + "cluster registry login registry.example --helper registry-token");
        var registry = new Argument<string>("REGISTRY") { Description = "The registry as images name it, host and port" };
        var user = new Option<string?>("--username", "-u") { Description = "The user's name", HelpName = "USER" };
        var stdin = new Option<bool>("--password-stdin") { Description = "Read the password from standard input" };
        var helper = new Option<string?>("--helper")
        {
            Description = "A program in manager/credential-helpers of each manager that prints a short-lived credential", HelpName = "NAME",
        };
        command.Add(registry);
        command.Add(user);
        command.Add(stdin);
        command.Add(helper);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.PutLoginRequest
            {
                RequestId = RequestId.New(), Registry = parse.GetValue(registry)!, Username = parse.GetValue(user) ?? "",
                Helper = parse.GetValue(helper) ?? "",
            };
            if (request.Helper.Length > 0 == request.Username.Length > 0 || (request.Helper.Length > 0 && parse.GetValue(stdin)))
                throw new CliException(
                    ExitCode.BadInput, "either --username with a password, or --helper is needed", "cluster registry login --help");
            if (request.Helper.Length == 0) request.Password = Password(session, parse.GetValue(stdin)).Reveal();
            await session.Cluster.MutateAsync(
                (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).PutLoginAsync(request, options), cancellationToken);
            session.Print.Line(session.IsQuiet ? request.Registry! : $"Set the credential for {request.Registry}.");
            return ExitCode.Done;
        });
    }

    // What a file ends with is not part of it, whatever a shell's redirection adds.
    private static Secret Password(CliSession session, bool isFromInput)
    {
        var text = "";
        if (isFromInput)
        {
            using var input = session.Environment.Input();
            var buffer = new byte[PasswordBytesMax + 1];
            var length = input.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (length > PasswordBytesMax)
                throw new CliException(ExitCode.BadInput, $"the password has more than {PasswordBytesMax} bytes");
            text = Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\r', '\n');
        }
        else if (session.Environment.ReadSecret is { } read)
        {
            session.Environment.Error.Write("Password: ");
            text = read() ?? "";
        }

        return text.Length > 0 ? new Secret(text)
            : throw new CliException(ExitCode.BadInput, "a password is needed: --password-stdin reads it from standard input");
    }

    private static CliCommand Ls(CommandShell shell) =>
        shell.Bind(new CliCommand("ls", "List registries with a credential, without their secrets.", "cluster registry ls"),
            async (session, _, cancellationToken) =>
        {
            var list = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).LoginsAsync(new V1.LoginsRequest(), options),
                cancellationToken);
            var now = session.Now;
            if (session.Print.IsForPrograms)
                session.Print.List([.. list.Logins.Select(LoginView.Of)], login => login.Registry, ViewJson.Default.LoginView, []);
            else
                session.Print.Table(list.Logins,
                [
                    new("REGISTRY", login => login.Registry),
                    new("USERNAME", login => login.Username.Length == 0 ? "-" : login.Username),
                    new("HELPER", login => login.Helper.Length == 0 ? "-" : login.Helper),
                    new("SET", login => TimeText.Ago(login.CreatedUnixMs, now)),
                    new("BY", login => login.CreatedBy),
                ]);
            return ExitCode.Done;
        });

    private static CliCommand Rm(CommandShell shell)
    {
        var command = new CliCommand("rm", "Forget the cluster's credential for a registry.", "cluster registry rm registry.lab:5000");
        var registry = new Argument<string>("REGISTRY") { Description = "The registry" };
        command.Add(registry);
        command.Add(YesOption.Make());
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.RemoveLoginRequest { RequestId = RequestId.New(), Registry = parse.GetValue(registry)! };
            await session.Cluster.MutateAsync(
                (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).RemoveLoginAsync(request, options), cancellationToken);
            session.Print.Line(session.IsQuiet ? request.Registry! : $"Forgot the credential for {request.Registry}.");
            return ExitCode.Done;
        });
    }
}
