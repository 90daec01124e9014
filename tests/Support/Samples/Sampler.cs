// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using ClusterManager.Model;

namespace ClusterManager.Tests.Support;

/// <summary>
/// Fills any record of the model by reflection, from a seed: a property that is added later is filled too, so no test can forget it. A type
/// that it does not know throws, which is how a new kind of value is noticed.
/// </summary>
public sealed class Sampler(int seed, bool odd = false)
{
    private static readonly string[] OddTexts =
        ["", " ", "a=b", "ünïcode 😀", "line\nbreak", new string('x', 300), "\0", "${VAR}", "-", "null"];

    private static readonly long[] OddNumbers = [0, -1, 1, int.MaxValue, int.MinValue, 65535, 65536];
    private readonly Random _random = new(seed);
    private int _count;

    /// <summary>A filled value. With <c>odd</c>, nulls, empty collections and strange texts and numbers are among them.</summary>
    public T Next<T>() => (T)Next(typeof(T))!;

    /// <summary>The properties that make a record: those that can be set at its creation.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private object? Next(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return odd && _random.Next(3) == 0 ? null : Next(inner);
        if (type.IsEnum) return Pick(Enum.GetValues(type).Cast<object>().ToArray());
        if (type.IsGenericType) return Generic(type, type.GetGenericArguments());
        return Plain(type) ?? Record(type);
    }

    private object? Plain(Type type)
    {
        if (type == typeof(string)) return Text();
        if (type == typeof(bool)) return _random.Next(2) == 0;
        if (type == typeof(int)) return (int)Number();
        if (type == typeof(long)) return Number();
        if (type == typeof(double)) return _random.Next(101) / 100.0;
        if (type == typeof(UInt128)) return (UInt128)_random.NextInt64(1, long.MaxValue);
        if (type == typeof(TimeSpan)) return TimeSpan.FromMilliseconds(_random.NextInt64(-86_400_000L * (odd ? 1 : 0), 86_400_000L * 30));
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.FromUnixTimeMilliseconds(_random.NextInt64(1, 4_000_000_000_000));
        if (type == typeof(ServiceName)) return new ServiceName($"stack-{++_count}", $"name-{++_count}");
        return null;
    }

    private object Generic(Type type, Type[] of)
    {
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(ImmutableArray<>)) return Call(nameof(Array), of);
        if (definition == typeof(ImmutableSortedSet<>)) return Call(nameof(Set), of);
        if (definition == typeof(ImmutableSortedDictionary<,>))
            return of[0] == typeof(string) ? Call(nameof(TextMap), [of[1]]) : Call(nameof(Map), of);
        if (definition == typeof(ReadOnlyMemory<>)) return new ReadOnlyMemory<byte>([1, 2, (byte)_random.Next(256)]);
        if (definition == typeof(ValueTuple<,>)) return System.Activator.CreateInstance(type, Next(of[0]), Next(of[1]))!;
        throw new NotSupportedException($"The sampler does not know {type}: teach it.");
    }

    private object Record(Type type)
    {
        if (type.Namespace?.StartsWith("ClusterManager", StringComparison.Ordinal) != true || type.IsAbstract)
            throw new NotSupportedException($"The sampler does not know {type}: teach it.");
        var made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in PropertiesOf(type)) property.SetValue(made, OrNull(property) ? null : Next(property.PropertyType));
        return made;
    }

    private bool OrNull(PropertyInfo property) =>
        odd && !property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable
        && _random.Next(3) == 0;

    private object Call(string method, Type[] of) =>
        GetType().GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(of).Invoke(this, null)!;

    private ImmutableArray<T> Array<T>() => [.. Several<T>()];

    private ImmutableSortedSet<T> Set<T>() => typeof(T) == typeof(string)
        ? (ImmutableSortedSet<T>)(object)ImmutableSortedSet.CreateRange(StringComparer.Ordinal, Several<string>())
        : [.. Several<T>()];

    private ImmutableSortedDictionary<string, T> TextMap<T>() =>
        Several<string>().Distinct(StringComparer.Ordinal).ToImmutableSortedDictionary(key => key, _ => Next<T>(), StringComparer.Ordinal);

    private ImmutableSortedDictionary<TKey, TValue> Map<TKey, TValue>()
        where TKey : notnull => Several<TKey>().Distinct().ToImmutableSortedDictionary(key => key, _ => Next<TValue>());

    private List<T> Several<T>() => [.. Enumerable.Range(0, odd ? _random.Next(4) : 2).Select(_ => Next<T>())];

    private string Text() => odd && _random.Next(2) == 0 ? Pick(OddTexts) : $"text-{++_count}-{_random.Next(1000)}";

    private long Number() => odd && _random.Next(2) == 0 ? Pick(OddNumbers) : _random.Next(1, 1_000_000);

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
