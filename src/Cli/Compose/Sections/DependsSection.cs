// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The key <c>depends_on</c>: a list of services, or a map that says what is waited for of each.</summary>
internal static class DependsSection
{
    private const string Allowed = "service_started, service_healthy or service_completed_successfully";

    private sealed class Dependency
    {
        public DependencyCondition Condition { get; set; } = DependencyCondition.Started;

        public bool IsRequired { get; set; } = true;
    }

    private static readonly KeyTable<Dependency> Keys = new()
    {
        { "condition", static (c, v, d) => d.Condition = ConditionOf(c, v) ?? d.Condition },
        { "required", static (c, v, d) => d.IsRequired = c.Bool(v) ?? true },
        { "restart", static (c, v, _) => RefuseRestart(c, v) },
    };

    /// <summary>Reads <c>depends_on</c>.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft)
    {
        if (value.Node is YamlMap)
        {
            foreach (var (name, at, details) in context.Entries(value)) ReadLong(context, name, at, details, draft);
            return;
        }

        foreach (var item in context.Items(value))
            if (context.FilledText(item) is { } name) Add(context, name, item.At, item.Path, new Dependency(), draft);
    }

    /// <summary>What only the whole file tells: a service that is not there, or that waits for itself by way of others.</summary>
    public static void CheckAll(ReadContext context, Value root, FileDraft draft)
    {
        var names = draft.Services.Select(spec => spec.Name.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < draft.Services.Count; i++)
        {
            var spec = draft.Services[i];
            // One that is not required and not in the file is as if it were not named.
            var missing = spec.DependsOn.Keys.Where(name => !names.Contains(name) && context.Optional.Contains($"{spec.Name.Name}/{name}"));
            draft.Services[i] = spec with { DependsOn = spec.DependsOn.RemoveRange(missing) };
        }

        foreach (var error in StackValidator.Validate(draft.Services))
            context.ErrorAtKey(root, $"{error.Field}.{error.Value}", error.Field,
                $"'{ReadContext.Shown(error.Value)}' is not understood: {error.Allowed} is");
    }

    private static void ReadLong(ReadContext context, string name, Position at, Value details, ServiceDraft draft)
    {
        var dependency = new Dependency();
        if (details.IsNull || Keys.Read(context, details, dependency)) Add(context, name, at, details.Path, dependency, draft);
    }

    private static void Add(ReadContext context, string name, Position at, string path, Dependency dependency, ServiceDraft draft)
    {
        var service = draft.Spec.Name.Name;
        context.Places[$"services.{service}.depends_on.{name}"] = at;
        if (draft.Spec.DependsOn.ContainsKey(name)) context.Findings.Error(at, path, $"{ReadContext.Shown(name)} stands twice");
        else if (name == service) context.Findings.Error(at, path, "a service cannot wait for itself");
        else draft.Spec = draft.Spec with { DependsOn = draft.Spec.DependsOn.Add(name, dependency.Condition) };
        if (!dependency.IsRequired) context.Optional.Add($"{service}/{name}");
    }

    private static DependencyCondition? ConditionOf(ReadContext context, Value value)
    {
        if (context.Text(value) is not { } text) return null;
        if (DependencyText.Parse(text) is { } condition) return condition;
        context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: {Allowed} is");
        return null;
    }

    private static void RefuseRestart(ReadContext context, Value value)
    {
        if (context.Bool(value) == true)
            context.Error(value, "not supported: a new revision of one service restarts no other; let it connect again");
    }
}
