// SPDX-License-Identifier: Apache-2.0
using System.Reflection;

namespace ClusterManager.Shared.Tests.Grpc.Surface;

/// <summary>The public types and members of an assembly as lines of text, in ordinal order.</summary>
internal static class PublicSurface
{
    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>One line for each type and each member that code outside can see, inherited ones left out.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetTypes().Where(IsVisible).SelectMany(Lines).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        var name = NameOf(type);
        var bases = new[] { type.BaseType }.Concat(type.GetInterfaces()).OfType<Type>().Where(one => one != typeof(object)).Select(NameOf);
        yield return $"{KindOf(type)} {name} : {string.Join(", ", bases.Order(StringComparer.Ordinal))}".TrimEnd(' ', ':');
        if (type.IsEnum)
        {
            foreach (var value in type.GetFields(BindingFlags.Public | BindingFlags.Static))
                yield return $"{name}.{value.Name} = {Convert.ToInt64(value.GetRawConstantValue())}";
            yield break;
        }

        foreach (var constructor in type.GetConstructors(Own).Where(IsVisible))
            yield return $"{name}.new({Parameters(constructor)}){Access(constructor)}";
        foreach (var method in type.GetMethods(Own).Where(method => IsVisible(method) && !method.Name.Contains('<')))
            yield return $"{name}.{method.Name}{Generics(method)}({Parameters(method)}) : {NameOf(method.ReturnType)}{Access(method)}";
        foreach (var field in type.GetFields(Own).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
        {
            var kind = field.IsLiteral ? " const" : field.IsInitOnly ? " readonly" : "";
            yield return $"{name}.{field.Name} : {NameOf(field.FieldType)}{kind}";
        }
    }

    private static bool IsVisible(Type type) =>
        type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : " protected") + (method.IsStatic ? " static" : "")
        + (method.IsAbstract ? " abstract" : method is { IsVirtual: true, IsFinal: false } ? " virtual" : "");

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.BaseType == typeof(MulticastDelegate)
            ? "delegate" : type.IsAbstract && type.IsSealed ? "static class" : type.IsSealed ? "sealed class"
            : type.IsAbstract ? "abstract class" : "class";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{NameOf(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")));

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(one => one.Name))}>" : "";

    private static string NameOf(Type type)
    {
        if (type.IsByRef) return $"ref {NameOf(type.GetElementType()!)}";
        if (type.IsArray) return $"{NameOf(type.GetElementType()!)}[]";
        if (type.IsGenericParameter) return type.Name;
        var name = type.IsNested ? $"{NameOf(type.DeclaringType!)}.{type.Name}" : $"{type.Namespace}.{type.Name}";
        if (!type.IsGenericType) return name;
        var arguments = string.Join(", ", type.GetGenericArguments().Select(NameOf));
        return $"{name.Split('`')[0]}<{arguments}>";
    }
}
