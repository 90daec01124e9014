// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace ClusterManager.Model;

/// <summary>Collects all errors of one input.</summary>
internal sealed class ErrorList
{
    private const int ValueLengthMax = 200;
    private readonly ImmutableArray<FieldError>.Builder errors = ImmutableArray.CreateBuilder<FieldError>();

    public void Add(string field, object? value, string allowed)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        errors.Add(new FieldError(field, text.Length > ValueLengthMax ? text[..ValueLengthMax] + "…" : text, allowed));
    }

    public void Range(string field, long value, long min, long max)
    {
        if (value < min || value > max) Add(field, value, string.Create(CultureInfo.InvariantCulture, $"{min} to {max}"));
    }

    public void Range(string field, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        if (value < min || value > max) Add(field, value, $"{Text.Duration(min)} to {Text.Duration(max)}");
    }

    public void Defined<T>(string field, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) Add(field, value, "one of " + string.Join(", ", Enum.GetNames<T>()));
    }

    public ImmutableArray<FieldError> ToImmutable() => errors.ToImmutable();
}
