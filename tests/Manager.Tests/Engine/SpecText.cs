// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>
/// An unambiguous text of named values: each is written with its length, and what is not set is not written at all, so that a new field
/// with its default does not change the hash of what runs.
/// </summary>
internal sealed class SpecText
{
    private readonly StringBuilder text = new();

    public SpecText Add(string name, string? value)
    {
        if (value is not null) text.Append(CultureInfo.InvariantCulture, $"{name}={value.Length}:{value};");
        return this;
    }

    public SpecText Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public SpecText Add(string name, ImmutableArray<string>? values)
    {
        if (values is not { } given) return this;
        text.Append(CultureInfo.InvariantCulture, $"{name}[{given.Length}]");
        foreach (var value in given) Add("", value);
        return this;
    }

    public SpecText Add(string name, ImmutableSortedDictionary<string, string> map)
    {
        foreach (var (key, value) in map) Add(name, key).Add("", value);
        return this;
    }

    public override string ToString() => text.ToString();
}
