// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Google.Protobuf.Reflection;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Shared.Tests.Wire;

/// <summary>The compiled wire contract as lines of text, one for each thing that others may rely on.</summary>
internal static class ProtoSurface
{
    /// <summary>All lines, sorted.</summary>
    public static IReadOnlyList<string> Lines() => [.. Files().SelectMany(OfFile).Order(StringComparer.Ordinal)];

    /// <summary>The descriptors of our own files.</summary>
    public static IEnumerable<FileDescriptor> Files() =>
        typeof(V1.ServiceSpec).Assembly.GetTypes().Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal) && type.IsClass)
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<FileDescriptor>();

    private static IEnumerable<string> OfFile(FileDescriptor file) =>
        file.MessageTypes.SelectMany(OfMessage).Concat(file.EnumTypes.SelectMany(OfEnum)).Concat(file.Services.SelectMany(OfService));

    private static IEnumerable<string> OfMessage(MessageDescriptor message) => message.Fields.InDeclarationOrder().Select(OfField)
        .Append($"message {message.FullName}")
        .Concat(message.NestedTypes.Where(nested => nested.GetOptions()?.MapEntry != true).SelectMany(OfMessage))
        .Concat(message.EnumTypes.SelectMany(OfEnum));

    private static string OfField(FieldDescriptor field)
    {
        var label = field.IsMap ? "map" : field.IsRepeated ? "repeated" : field.RealContainingOneof is { } oneof ? $"oneof {oneof.Name}"
            : field.HasPresence && field.FieldType != FieldType.Message ? "optional" : "single";
        var type = field.IsMap
            ? $"{TypeOf(field.MessageType.FindFieldByNumber(1))} to {TypeOf(field.MessageType.FindFieldByNumber(2))}"
            : TypeOf(field);
        return $"field {field.FullName} = {field.FieldNumber} {label} {type}";
    }

    private static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        var plain => plain.ToString().ToLowerInvariant(),
    };

    private static IEnumerable<string> OfEnum(EnumDescriptor one) =>
        one.Values.Select(value => $"value {one.FullName}.{value.Name} = {value.Number}");

    private static IEnumerable<string> OfService(ServiceDescriptor service) => service.Methods.Select(method =>
        $"method {method.FullName} ({TypeOf(method.IsClientStreaming, method.InputType)})"
        + $" returns ({TypeOf(method.IsServerStreaming, method.OutputType)})");

    private static string TypeOf(bool isStreamed, MessageDescriptor message) =>
        isStreamed ? $"stream {message.FullName}" : message.FullName;
}
