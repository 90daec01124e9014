// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Cli.Text;

namespace ClusterManager.Cli.Tests.Output;

public sealed class OutputTests
{
    private static readonly Column<string[]>[] Columns =
    [
        new("NAME", r => r[0]), new("ID", r => r[1], Shortening.Id), new("IMAGE", r => r[2], Shortening.Image), new("STATE", r => r[3]),
        new("MORE", r => r[0], IsWide: true),
    ];

    private static readonly string[][] Rows = [["web", "0123456789abcdef0123456789abcdef", "registry.example/team/web:1.2.3",
        "running since yesterday"], ["db", "", "x", "FAILED"]];

    [Fact]
    public void A_table_pads_by_three_blanks_and_shows_what_is_empty()
    {
        var lines = TableLayout.Lines(Columns, Rows, isWide: true, width: null);
        Assert.Equal($"NAME   {"ID",-32}   {"IMAGE",-31}   {"STATE",-23}   MORE", lines[0]);
        Assert.Equal($"db     {"-",-32}   {"x",-31}   {"FAILED",-23}   db", lines[2]);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(80)]
    [InlineData(60)]
    public void A_narrow_screen_shortens_ids_then_images_and_never_names_or_states(int width)
    {
        var lines = TableLayout.Lines(Columns, Rows, isWide: false, width);
        Assert.Contains("running since yesterday", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("web   ", lines[1], StringComparison.Ordinal);
        Assert.Equal(width < 90, lines[1].Contains('…', StringComparison.Ordinal));
        if (width >= 80) Assert.All(lines, l => Assert.True(l.Length <= width, l));
    }

    [Theory]
    [InlineData(0, "-")]
    [InlineData(999_000, "1s ago")]
    [InlineData(941_000, "59s ago")]
    [InlineData(1_120_000, "in 2m")]
    public void Times_are_relative(long unixMs, string expected) =>
        Assert.Equal(expected, TimeText.Ago(unixMs, DateTimeOffset.FromUnixTimeMilliseconds(1_000_000)));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(512L << 20, "512 MB")]
    [InlineData((1L << 30) + (1L << 29), "1.5 GB")]
    public void Sizes_are_short(long bytes, string expected) => Assert.Equal(expected, AmountText.Bytes(bytes));

    [Theory]
    [InlineData(null, null, null, true, true)]
    [InlineData(null, null, null, false, false)]
    [InlineData(null, "1", null, true, false)]
    [InlineData("always", "1", null, false, true)]
    [InlineData("never", null, "1", true, false)]
    [InlineData(null, null, "1", false, true)]
    [InlineData(null, "1", "1", false, false)]
    [InlineData(null, null, "0", false, false)]
    public void Colour_is_decided_in_one_place(string? flag, string? noColor, string? force, bool isTerminal, bool expected)
    {
        var cli = new CliRun();
        if (noColor is not null) cli.Variables["NO_COLOR"] = noColor;
        if (force is not null) cli.Variables["CLICOLOR_FORCE"] = force;
        Assert.Equal(expected, Style.Decide(flag, cli.Environment(TextWriter.Null, TextWriter.Null), isTerminal).IsOn);
    }

    [Fact]
    public void Yaml_quotes_what_could_be_read_otherwise()
    {
        var node = JsonNode.Parse(
            """{"a":"yes","b":"1.5","c":"x: y","d":[{"e":1,"f":[]},"g"],"h":{},"i":null,"j":true,"k":"two\nlines","l":""}""");
        Assert.Equal(
            "a: \"yes\"\nb: \"1.5\"\nc: \"x: y\"\nd:\n- e: 1\n  f: []\n- g\nh: {}\ni: null\nj: true\nk: \"two\\nlines\"\nl: \"\"\n",
            YamlText.Of(node));
    }

    [Theory]
    [InlineData("1m30s", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("0", 0)]
    public void Durations_are_read(string text, double expected)
    {
        Assert.True(DurationText.TryParse(text, out var value));
        Assert.Equal(expected, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("1x")]
    [InlineData("-1s")]
    [InlineData("1s2")]
    [InlineData("99999999999h")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("512m", 512L << 20)]
    [InlineData("1gb", 1L << 30)]
    [InlineData("1.5k", 1536)]
    [InlineData("42", 42)]
    [InlineData("2 MiB", 2L << 20)]
    public void Sizes_are_read(string text, long expected)
    {
        Assert.True(ByteText.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("servce", "service")]
    [InlineData("sevrice", "service")]
    [InlineData("scal", "scale")]
    [InlineData("xyz", null)]
    public void The_nearest_name_is_found(string typed, string? expected) =>
        Assert.Equal(expected, NearNames.Nearest(typed, ["service", "scale", "stack"]));
}
