// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core.Interceptors;

/// <summary>Changes the headers of every call.</summary>
internal sealed class MetadataInterceptor(Func<Metadata, Metadata> rewrite) : ClientRewriteInterceptor
{
    protected override ClientInterceptorContext<TRequest, TResponse> Rewrite<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context)
    {
        var headers = new Metadata();
        foreach (var entry in context.Options.Headers ?? Metadata.Empty)
            headers.Add(entry);
        return new(context.Method, context.Host, context.Options.WithHeaders(rewrite(headers)));
    }
}
