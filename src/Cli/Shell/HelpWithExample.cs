// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ClusterManager.Cli.Shell;

/// <summary>The library's help, then the command's example.</summary>
/// <param name="inner">The library's own.</param>
internal sealed class HelpWithExample(HelpAction inner) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        inner.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not CliCommand { Example.Length: > 0 } command) return 0;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Example:");
        foreach (var line in command.Example.ReplaceLineEndings("\n").Split('\n')) output.WriteLine("  " + line);
        output.WriteLine();
        return 0;
    }
}
