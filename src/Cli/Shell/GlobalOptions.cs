// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;

namespace ClusterManager.Cli.Shell;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    /// <summary>Which cluster.</summary>
    public Option<string?> Context { get; } = new(
        "--context") { Description = "Context to use (CLUSTER_CONTEXT, else the file's current one)", Recursive = true, HelpName = "NAME" };

    /// <summary>Which managers, instead of those of the context.</summary>
    public Option<string[]> Manager { get; } = new("--address")
    {
        Description = "Manager's address instead of the context's, may be repeated (CLUSTER_MANAGER)", Recursive = true,
        HelpName = "ADDRESS", Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>How results are printed.</summary>
    public Option<string> Format { get; } = MakeFormat();

    /// <summary>Names only.</summary>
    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Print names or ids only", Recursive = true };

    /// <summary>Nothing is shortened.</summary>
    public Option<bool> NoTrunc { get; } = new("--no-trunc") { Description = "Do not shorten ids and images", Recursive = true };

    /// <summary>Colour.</summary>
    public Option<string> Color { get; } = MakeColor();

    /// <summary>Adds all of them to the root.</summary>
    public void AddTo(Command root)
    {
        root.Add(Context);
        root.Add(Manager);
        root.Add(Format);
        root.Add(Quiet);
        root.Add(NoTrunc);
        root.Add(Color);
    }

    /// <summary>The asked-for format; <c>-q</c> is <c>-o name</c>.</summary>
    public OutputFormat FormatOf(ParseResult parse) => parse.GetValue(Quiet) ? OutputFormat.Name : parse.GetValue(Format) switch
    {
        "wide" => OutputFormat.Wide,
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        "name" => OutputFormat.Name,
        _ => OutputFormat.Table,
    };

    private static Option<string> MakeFormat()
    {
        var option = new Option<string>("--output", "-o") { Description = "table, wide, json, yaml or name", Recursive = true,
            HelpName = "FORMAT" };
        return option.AcceptOnlyFromAmong("table", "wide", "json", "yaml", "name");
    }

    private static Option<string> MakeColor()
    {
        var option = new Option<string>("--color") { Description = "auto, always or never (NO_COLOR, CLICOLOR_FORCE)", Recursive = true,
            HelpName = "WHEN" };
        return option.AcceptOnlyFromAmong("auto", "always", "never");
    }
}
