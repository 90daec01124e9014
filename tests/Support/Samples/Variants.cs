// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace ClusterManager.Tests.Support;

/// <summary>All the ways in which a record can differ in exactly one property, at any depth.</summary>
public static class Variants
{
    /// <summary>Copies that differ from <paramref name="record"/> in one property each, with the property's path.</summary>
    public static IEnumerable<(string Path, T Variant)> Of<T>(T record)
        where T : class => OfRecord("", record).Select(one => (one.Path, (T)one.Variant));

    private static IEnumerable<(string Path, object Variant)> OfRecord(string prefix, object record)
    {
        foreach (var property in Sampler.PropertiesOf(record.GetType()))
        {
            var path = prefix.Length == 0 ? property.Name : $"{prefix}.{property.Name}";
            var value = property.GetValue(record);
            foreach (var (deeper, other) in OfValue(path, property.PropertyType, value))
                yield return (deeper, With(record, property, other));
        }
    }

    private static IEnumerable<(string Path, object? Value)> OfValue(string path, Type type, object? value)
    {
        if (value is not null && IsRecord(value.GetType()))
        {
            foreach (var (deeper, variant) in OfRecord(path, value)) yield return (deeper, variant);
            yield break;
        }

        if (IsArray(type) && value is IList { Count: > 0 } list && IsRecord(list[0]!.GetType()))
        {
            foreach (var (deeper, variant) in OfRecord(path + "[]", list[0]!)) yield return (deeper, Replaced(value, variant));
        }

        yield return (path, Other(type, value));
        if (Nullable.GetUnderlyingType(type) is not null && value is not null) yield return (path, null);
    }

    // Another value of the same type: the sampler is asked until it gives one that reads differently.
    private static object? Other(Type type, object? value)
    {
        var next = typeof(Sampler).GetMethod(nameof(Sampler.Next), BindingFlags.Public | BindingFlags.Instance)!.MakeGenericMethod(type);
        for (var seed = 1; seed < 1000; seed++)
        {
            var other = next.Invoke(new Sampler(seed * 7919), null);
            if (Described.Of(other) != Described.Of(value)) return other;
        }

        throw new NotSupportedException($"The sampler gives only one value of {type}.");
    }

    private static object Replaced(object array, object first) =>
        typeof(Variants).GetMethod(nameof(ReplaceFirst), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(array.GetType().GetGenericArguments()).Invoke(null, [array, first])!;

    private static ImmutableArray<T> ReplaceFirst<T>(ImmutableArray<T> array, T first) => array.SetItem(0, first);

    private static object With(object record, PropertyInfo property, object? value)
    {
        // A struct was copied by its boxing; a record class copies itself.
        var copy = record.GetType().IsValueType ? Unboxed(record) : record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
        property.SetValue(copy, value);
        return copy;
    }

    private static object Unboxed(object value) =>
        typeof(object).GetMethod("MemberwiseClone", BindingFlags.NonPublic | BindingFlags.Instance)!.Invoke(value, null)!;

    private static bool IsArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private static bool IsRecord(Type type) =>
        type.Namespace?.StartsWith("ClusterManager", StringComparison.Ordinal) == true && !type.IsEnum;
}
