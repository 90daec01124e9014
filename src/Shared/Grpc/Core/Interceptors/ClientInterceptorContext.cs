// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core.Interceptors;

/// <summary>The call that a client interceptor sees; it may pass on a changed one.</summary>
/// <param name="method">The method called.</param>
/// <param name="host">The host for <c>:authority</c>, or null for the channel's.</param>
/// <param name="options">Headers, deadline and token of the call.</param>
public readonly struct ClientInterceptorContext<TRequest, TResponse>(
    Method<TRequest, TResponse> method, string? host, CallOptions options)
    where TRequest : class
    where TResponse : class
{
    /// <summary>The method called.</summary>
    public Method<TRequest, TResponse> Method { get; } = method;

    /// <summary>The host for <c>:authority</c>, or null for the channel's.</summary>
    public string? Host { get; } = host;

    /// <summary>Headers, deadline and token of the call.</summary>
    public CallOptions Options { get; } = options;
}
