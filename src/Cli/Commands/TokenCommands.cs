// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster token create|ls|revoke</c>: what lets machines join.</summary>
internal static class TokenCommands
{
    private const int UsesDefault = 10;

    /// <summary>Makes the group.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand("token", "Tokens that let machines join.", "cluster token create");
        group.Add(Create(shell));
        group.Add(Ls(shell));
        group.Add(Revoke(shell));
        return group;
    }

    private static CliCommand Create(CommandShell shell)
    {
        var command = new CliCommand("create", "Make a join token; it is shown once.",
            "cluster token create --manager --ttl 1h --uses 2\ncluster join 192.0.2.1:7443 --token $(ssh m1 cluster token create -q)");
        var manager = new Option<bool>("--for-manager", "--manager") { Description = "The joiner may become a manager" };
        var ttl = new Option<string?>("--ttl") { Description = "How long it is valid, 1m to 30d (default 24h)", HelpName = "DURATION" };
        var uses = new Option<int?>("--uses") { Description = "How many machines may use it, 1 to 1000 (default 10)", HelpName = "N" };
        command.Add(manager);
        command.Add(ttl);
        command.Add(uses);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.CreateTokenRequest
            {
                RequestId = RequestId.New(),
                Manager = parse.GetValue(manager),
                ValidMs = (long)Life(parse.GetValue(ttl)).TotalMilliseconds,
                Uses = parse.GetValue(uses) ?? UsesDefault,
            };
            if (request.Uses is < 1 or > 1000)
                throw new CliException(ExitCode.BadInput, $"--uses: '{request.Uses}' is not allowed: 1 to 1000");
            var response = await session.Cluster.MutateAsync(
                (invoker, options) => new V1.TokenApi.TokenApiClient(invoker).CreateAsync(request, options), cancellationToken);
            Show(session, response, request.Manager);
            return ExitCode.Done;
        });
    }

    private static void Show(CliSession session, V1.CreateTokenResponse response, bool isManager)
    {
        if (session.Print.Format == OutputFormat.Name) session.Print.Line(response.Token);
        else if (session.Print.IsForPrograms)
            session.Print.List([TokenView.Of(response.Status, response.Token)], t => t.Token!, ViewJson.Default.TokenView, []);
        else
        {
            session.Print.Line($"cluster join {session.Cluster.Manager} --token {response.Token}{(isManager ? " --manager" : "")}");
            var ends = TimeText.Ago(response.Status.ExpiresUnixMs, session.Now);
            session.Hint($"Valid {ends}, {response.Status.UsesLeft} uses. It is not shown again.");
        }
    }

    private static TimeSpan Life(string? text)
    {
        if (text is null) return TimeSpan.FromHours(24);
        if (DurationText.TryParse(text, out var life) && life >= TimeSpan.FromMinutes(1) && life <= TimeSpan.FromDays(30)) return life;
        throw new CliException(ExitCode.BadInput, $"--ttl: '{text}' is not understood: {DurationText.Allowed}, from 1m to 30d");
    }

    private static CliCommand Ls(CommandShell shell) =>
        shell.Bind(new CliCommand("ls", "List join tokens, without their secrets.", "cluster token ls"),
            async (session, _, cancellationToken) =>
        {
            var list = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.TokenApi.TokenApiClient(invoker).ListAsync(new V1.ListTokensRequest(), options),
                cancellationToken);
            var now = session.Now;
            if (session.Print.IsForPrograms)
                session.Print.List([.. list.Tokens.Select(t => TokenView.Of(t))], t => t.Id, ViewJson.Default.TokenView, []);
            else
                session.Print.Table(list.Tokens,
                [
                    new("ID", t => t.Id),
                    new("FOR", t => t.Manager ? "manager" : "agent"),
                    new("USES LEFT", t => t.UsesLeft.ToString(CultureInfo.InvariantCulture)),
                    new("EXPIRES", t => TimeText.Ago(t.ExpiresUnixMs, now)),
                    new("CREATED", t => TimeText.Ago(t.CreatedUnixMs, now)),
                    new("BY", t => t.CreatedBy),
                    new("STATE", t => t.Revoked ? "revoked" : t.UsesLeft == 0 ? "used up" : t.ExpiresUnixMs <= now.ToUnixTimeMilliseconds()
                        ? "expired" : "valid"),
                ]);
            return ExitCode.Done;
        });

    private static CliCommand Revoke(CommandShell shell)
    {
        var command = new CliCommand("revoke", "Make a token invalid at once.", "cluster token revoke 7hK2mPq9x");
        var id = new Argument<string>("TOKEN") { Description = "Id or the beginning of an id" };
        command.Add(id);
        command.Add(YesOption.Make());
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.RevokeTokenRequest { RequestId = RequestId.New(), Id = parse.GetValue(id) };
            await session.Cluster.MutateAsync((invoker, options) => new V1.TokenApi.TokenApiClient(invoker).RevokeAsync(request, options),
                cancellationToken);
            session.Print.Line(session.IsQuiet ? parse.GetValue(id)! : $"Revoked {request.Id}.");
            return ExitCode.Done;
        });
    }
}
