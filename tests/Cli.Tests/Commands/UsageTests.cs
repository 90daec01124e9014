// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Shell;
using ClusterManager.Cli.Tests.Fixtures;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary>What happens before anything is sent.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("servce ls", "error: unknown command 'servce'; did you mean 'service'?\nnext: cluster --help\n")]
    [InlineData("service lss", "error: unknown command 'lss'; did you mean 'ls'?\nnext: cluster service --help\n")]
    [InlineData("status --adress=x", "error: unknown option '--adress'; did you mean '--address'?")]
    [InlineData("run --replica 3 img", "error: unknown option '--replica'; did you mean '--replicas'?\nnext: cluster run --help\n")]
    [InlineData("logs --folow web", "error: unknown option '--folow'; did you mean '--follow'?\nnext: cluster logs --help\n")]
    [InlineData("service update web --imag=x",
        "error: unknown option '--imag'; did you mean '--image'?\nnext: cluster service update --help\n")]
    [InlineData("status",
        "error: no cluster is known here: /nowhere/cluster/config.yaml has no context, and neither --address nor "
        + "CLUSTER_MANAGER names one\nnext: cluster init\n")]
    [InlineData("scale web=x --address h",
        "error: nothing was scaled\n  'web=x' is not understood: SERVICE=N with N from 0 to 10000 is, for example web=5\n")]
    [InlineData("deploy -f gone.yml", "error: there is no file gone.yml\n")]
    [InlineData("join h --token CMT-1-x", "error: The token is cut off: it has fewer than five parts.\n")]
    [InlineData("join h", "error: a token is needed: --token or CLUSTER_TOKEN\n")]
    [InlineData("update web --address h", "error: no change is given\nnext: cluster update --help\n")]
    [InlineData("logs web --since 5 --address h", "error: --since: '5' is not understood: a duration like 10s")]
    public async Task Bad_input_is_told_with_code_2(string line, string expected)
    {
        var cli = new CliRun();
        Assert.Equal(2, await cli.RunAsync(line));
        Assert.StartsWith(expected, cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Out);
    }

    [Fact]
    public async Task All_wrong_flags_are_told_at_once()
    {
        var cli = new CliRun();
        Assert.Equal(2, await cli.RunAsync(
            "run --name w --replicas x -p 99999 --limit-memory much --health-tcp 1 --health-cmd y --constraint a --restart often img"));
        Assert.Equal(6, cli.Error.Split('\n').Count(l => l.StartsWith("  --", StringComparison.Ordinal)
            || l.StartsWith("  only one", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_spec_that_the_manager_would_refuse_is_refused_here_with_every_field()
    {
        var cli = new CliRun();
        Assert.Equal(2, await cli.RunAsync("run --name Web_1 --drain 20m --address h img"));
        Assert.Contains("name: 'Web_1' is not allowed", cli.Error, StringComparison.Ordinal);
        Assert.Contains("drain: '", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_has_a_description_and_an_example_that_parses()
    {
        using var output = new StringWriter();
        var root = CliApplication.MakeRoot(new CommandShell(new CliRun().Environment(output, output)));
        foreach (var command in Below(root))
        {
            var cli = Assert.IsType<CliCommand>(command);
            Assert.EndsWith(".", cli.Description!, StringComparison.Ordinal);
            foreach (var line in cli.Example.ReplaceLineEndings("\n").Split('\n')) CheckExample(root, line);
        }
    }

    [Fact]
    public async Task Help_shows_the_example_and_exit_codes_have_a_page()
    {
        var cli = new CliRun();
        Assert.Equal(0, await cli.RunAsync("service scale --help"));
        Assert.Contains("Example:\n  cluster scale web=5 shop/api=2\n", cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync("help exit-codes"));
        Assert.Equal(11, cli.Out.Trim('\n').Split('\n').Length);
        Assert.Contains("130   interrupted", cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _cluster cluster")]
    [InlineData("zsh", "compdef _cluster cluster")]
    [InlineData("fish", "complete -c cluster")]
    public async Task Completion_scripts_exist_and_words_are_answered(string shell, string expected)
    {
        var cli = new CliRun();
        Assert.Equal(0, await cli.RunAsync($"completion {shell}"));
        Assert.Contains(expected, cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync(["complete", "cluster serv"]));
        Assert.Equal("service", cli.Out.Trim());
    }

    [Fact]
    public async Task Names_are_completed_from_the_server()
    {
        await using var cluster = await FakeCluster.StartAsync();
        cluster.On((Wire.V1.ListServicesRequest _) => Script.Snapshot(Script.Service("shop/web", 1, Wire.V1.RolloutState.Succeeded, 1)));
        var cli = new CliRun(cluster.Address);
        await cli.RunAsync(["complete", "cluster logs "]);
        Assert.Contains("shop/web", cli.Out.Split('\n'));
    }

    private static IEnumerable<Command> Below(Command command) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Below(c).Prepend(c));

    private static void CheckExample(RootCommand root, string line)
    {
        // Only the part that is ours: what a shell does around it is not.
        var at = line.IndexOf("cluster ", StringComparison.Ordinal);
        var own = line[(at + "cluster ".Length)..].Split(" |", 2)[0].Split(" ||", 2)[0].Split(" >", 2)[0].TrimEnd(')')
            .Replace("$(ssh m1 cluster token create -q", "T", StringComparison.Ordinal);
        var words = own.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim('\'')).ToArray();
        Assert.True(root.Parse(CommandLineWalk.Over(words, root).Arguments).Errors.Count == 0, $"the example does not parse: {line}");
    }
}
