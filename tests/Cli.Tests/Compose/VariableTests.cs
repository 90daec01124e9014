// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Variables;

namespace ClusterManager.Cli.Tests.Compose;

public sealed class VariableTests
{
    private static readonly Dictionary<string, string> Set = new() { ["A"] = "1", ["E"] = "", ["B"] = "two words" };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$A", "1")]
    [InlineData("x$A-y", "x1-y")]
    [InlineData("${A}${B}", "1two words")]
    [InlineData("$$A $${A}", "$A ${A}")]
    [InlineData("${N:-d}", "d")]
    [InlineData("${E:-d}", "d")]
    [InlineData("${E-d}", "")]
    [InlineData("${N-d}", "d")]
    [InlineData("${A:-d}", "1")]
    [InlineData("${A:+r}", "r")]
    [InlineData("${E:+r}", "")]
    [InlineData("${E+r}", "r")]
    [InlineData("${N+r}", "")]
    [InlineData("${A:?e}", "1")]
    [InlineData("${E?e}", "")]
    [InlineData("${N:-${M:-${A}}}", "1")]
    [InlineData("${N:-a:b-c?d}", "a:b-c?d")]
    [InlineData("${N:-}", "")]
    [InlineData("${A:+${B}}!", "two words!")]
    public void Every_form_of_a_variable(string text, string expected) =>
        Assert.Equal(expected, new Interpolator(Set.GetValueOrDefault, _ => Assert.Fail("nothing is unset here")).Expand(text));

    [Theory]
    [InlineData("${N:?say why}", "the variable N is required but not set: say why")]
    [InlineData("${E:?}", "the variable E is required but not set")]
    [InlineData("${N?because ${A}}", "the variable N is required but not set: because 1")]
    [InlineData("${A", "'${' has no closing '}'")]
    [InlineData("$1", "a single '$' begins a variable: write '$$' for a dollar")]
    [InlineData("cost 5$", "a single '$' begins a variable: write '$$' for a dollar")]
    [InlineData("${}", "'${}' has no variable's name: letters, digits and '_', not a digit first")]
    [InlineData("${A/x}", "'${A/x}' is not understood: after the name ':-', '-', ':?', '?', ':+' or '+' may follow")]
    public void Bad_forms_and_missing_variables_are_errors(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<InterpolationException>(() => new Interpolator(Set.GetValueOrDefault, _ => { }).Expand(text))
            .Message);

    [Fact]
    public void An_unset_variable_is_empty_with_a_warning_at_its_place()
    {
        var result = ComposeText.Read(ComposeText.Service("user: u${N}\nhostname: ${A}"), Set);
        Assert.Equal("u", Assert.Single(result.Services).Container.User);
        Assert.Equal("f.yml:4:11 services.a.user: the variable N is not set: an empty text stands in for it",
            Assert.Single(result.Warnings).ToString());
    }

    [Fact]
    public void Keys_are_not_interpolated()
    {
        var result = ComposeText.Read(ComposeText.Service("environment: {$A: x}"), Set);
        Assert.Equal("$A", Assert.Single(Assert.Single(result.Services).Container.Environment).Key);
    }

    [Fact]
    public void The_callers_environment_wins_over_dot_env()
    {
        var files = new Dictionary<string, string> { ["/srv/shop/.env"] = "A=file\nT=tag-$A\n" };
        var result = ComposeText.Read(ComposeText.Service("user: $A\nhostname: $T"), Set, files);
        Assert.Equal(("1", "tag-1"), (result.Services[0].Container.User, result.Services[0].Container.Hostname));
        Assert.Equal("file", ComposeText.Read(ComposeText.Service("user: $A"), files: files).Services[0].Container.User);
    }

    [Theory]
    [InlineData("K=v", "v")]
    [InlineData("K: v", "v")]
    [InlineData("export K=v", "v")]
    [InlineData("# c\n\n  K = v  ", "v")]
    [InlineData("K=v # c", "v")]
    [InlineData("K=v#c", "v#c")]
    [InlineData("K=", "")]
    [InlineData("K= # c", "")]
    [InlineData("K='a # b' # c", "a # b")]
    [InlineData("K=\"a\\nb\" # c", "a\nb")]
    [InlineData("K='Let\\'s $go'", "Let's $go")]
    [InlineData("K=\"{\\\"a\\\": 1}\"", "{\"a\": 1}")]
    [InlineData("K='a\nb'", "a\nb")]
    [InlineData("A=x\nK=${A}/y", "x/y")]
    [InlineData("K=\"${OUT}\"", "out")]
    [InlineData("K=\"\\$OUT\"", "$OUT")]
    [InlineData("K=${N:-d}", "d")]
    [InlineData("\uFEFFK=v\r\n", "v")]
    public void Environment_files_are_read_as_the_specification_says(string text, string expected)
    {
        var pairs = EnvFileParser.Parse(text, n => n == "OUT" ? "out" : null, _ => { }, (at, m) => Assert.Fail($"{at}: {m}"));
        Assert.Equal(new("K", expected), pairs[^1]);
    }

    [Theory]
    [InlineData("A=1\nB C=2\nD=3", "2: KEY=value is expected; a key has no blanks and no quotes", "A,D")]
    [InlineData("A='x\nB=1", "1: the quote ' is not closed", "B")]
    [InlineData("A=\"x\" y\nB=1", "1: after the closing quote only a comment may follow", "B")]
    [InlineData("A=${\nB=1", "1: '${' has no closing '}'", "B")]
    [InlineData("=1", "1: KEY=value is expected; a key has no blanks and no quotes", "")]
    public void Bad_lines_are_named_and_the_rest_is_read(string text, string error, string keys)
    {
        var errors = new List<string>();
        var pairs = EnvFileParser.Parse(text, _ => null, _ => { }, (at, m) => errors.Add($"{at.Line}: {m}"));
        Assert.Equal(error, Assert.Single(errors));
        Assert.Equal(keys, string.Join(",", pairs.Select(p => p.Key)));
    }
}
