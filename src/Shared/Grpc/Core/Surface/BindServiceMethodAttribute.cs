// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>Generated code marks a service base class with it to say where its <c>BindService</c> is.</summary>
/// <param name="bindType">The class that has the method.</param>
/// <param name="bindMethodName">The name of the method.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    /// <summary>The class that has the method.</summary>
    public Type BindType { get; } = bindType;

    /// <summary>The name of the method.</summary>
    public string BindMethodName { get; } = bindMethodName;
}
