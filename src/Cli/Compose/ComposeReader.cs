// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Cli.Compose.Sections;
using ClusterManager.Cli.Compose.Variables;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose;

/// <summary>
/// Reads compose files strictly: every key is understood or an error with its place, all errors at once. docs/compose.md has the keys and
/// where the cluster's meaning differs from Docker Compose on one machine.
/// </summary>
public static class ComposeReader
{
    /// <summary>Reads one file. Never throws on a malformed one.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="options">Everything else the result depends on.</param>
    public static ComposeResult Read(byte[] file, ComposeOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        var findings = new Findings(options.FileName);
        var text = TextFile.Decode(file, out var problem);
        if (problem is not null) findings.Error(Position.Start, "", problem);
        var draft = new FileDraft();
        var root = text is null ? null : YamlTreeLoader.Load(text, findings);
        if (root is not null) ReadRoot(root, options, findings, draft);
        return new ComposeResult
        {
            Stack = draft.Stack,
            Services = findings.HasErrors ? [] : [.. draft.Services.OrderBy(s => s.Name)],
            Errors = findings.Errors,
            Warnings = findings.Warnings,
        };
    }

    private static void ReadRoot(YamlNode root, ComposeOptions options, Findings findings, FileDraft draft)
    {
        if (root is YamlScalar { IsNull: true })
        {
            findings.Error(root.At, "", "the file is empty");
            return;
        }

        var context = new ReadContext(findings, options, VariableSource.Load(options, findings));
        FileSection.Read(context, new Value(root, ""), draft);
        DependsSection.CheckAll(context, new Value(root, ""), draft);
        if (!findings.HasErrors) CheckAsManagersDo(context, new Value(root, ""), draft);
        foreach (var key in context.Ignored.Unused)
            findings.Warn(Position.Start, "", $"--allow-ignored {key} names no key that would be refused");
    }

    // The managers' own rules come last: what only they refuse is still told with the service's place.
    private static void CheckAsManagersDo(ReadContext context, Value root, FileDraft draft)
    {
        foreach (var spec in draft.Services)
            foreach (var error in SpecValidator.Validate(spec))
                context.ErrorAtKey(root, $"services.{spec.Name.Name}",
                    $"{error.Field} '{ReadContext.Shown(error.Value)}' is not allowed: {error.Allowed}");
    }
}

/// <summary>What has been read of a file so far.</summary>
internal sealed class FileDraft
{
    /// <summary>The stack's name; null while unknown.</summary>
    public string? Stack { get; set; }

    /// <summary>The value of <c>name</c>; null: not there.</summary>
    public Value? Name { get; set; }

    /// <summary>The value of <c>services</c>; null: not there.</summary>
    public Value? ServicesValue { get; set; }

    /// <summary>The services read.</summary>
    public ImmutableArray<ServiceSpec>.Builder Services { get; } = ImmutableArray.CreateBuilder<ServiceSpec>();
}
