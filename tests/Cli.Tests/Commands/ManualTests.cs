// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Commands;
using ClusterManager.Cli.Shell;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Cli.Text;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary>Manual pages come from the same words as the help.</summary>
public sealed class ManualTests
{
    private static Dictionary<string, string> Pages()
    {
        using var nothing = new StringWriter();
        var root = CliApplication.MakeRoot(new CommandShell(new CliRun().Environment(nothing, nothing)));
        return ManCommand.Pages(root).ToDictionary(page => page.File, page => page.Text);
    }

    [Fact]
    public void Every_command_has_a_page_and_hidden_ones_have_none()
    {
        var pages = Pages();
        foreach (var name in (string[])["deploy", "node", "host", "service"]) Assert.Contains($"man1/cluster-{name}.1", pages.Keys);
        Assert.DoesNotContain(pages.Keys, file => file.Contains("-man.1", StringComparison.Ordinal));
        Assert.Contains("man8/cluster-agent.8", pages.Keys);
        Assert.All(pages.Values, text => Assert.StartsWith(".TH ", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_has_the_groups_commands_with_their_options_and_examples()
    {
        var page = Pages()["man1/cluster-host.1"];
        Assert.Contains(".SS \"cluster host upgrade\"", page, StringComparison.Ordinal);
        Assert.Contains("\\fB\\-\\-data\\-dir DIR\\fR", page, StringComparison.Ordinal);
        Assert.Contains("\ncluster host stop agent\n", page, StringComparison.Ordinal);
        Assert.Contains(".SH \"OPTIONS OF EVERY COMMAND\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_looks_like_a_request_stays_text()
    {
        var page = new ManPage("x", 1, "1.0.0", "y").Paragraph(".so /etc/passwd").Verbatim("'quoted\n.TH").ToString();
        Assert.Contains("\n\\&.so /etc/passwd\n", page, StringComparison.Ordinal);
        Assert.Contains("\n\\&'quoted\n\\&.TH\n", page, StringComparison.Ordinal);
    }
}
