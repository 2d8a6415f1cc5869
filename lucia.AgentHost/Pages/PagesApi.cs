using Microsoft.AspNetCore.Http.HttpResults;

namespace Lucia.AgentHost.Pages;

/// <summary>Serves the chat page at <c>/</c> and its files below <c>/assets</c>.</summary>
public static class PagesApi
{
    private const string Document = "index.html";

    /// <summary>
    /// What the page may do: run its own scripts, use its own styles and talk to its own origin. Nothing else, so a sentence of the
    /// model that tries to be markup stays a sentence. <c>require-trusted-types-for</c> makes the browser refuse <c>innerHTML</c> altogether.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps the chat page and each of its files as an endpoint of its own, callable without an API key: the page asks for the key itself.
    /// </summary>
    /// <remarks>
    /// Every reference in the page is relative, so it works below any path prefix. Files carry an entity tag and
    /// <c>Cache-Control: no-cache</c>: a browser keeps them and asks whether they changed, and a new version is seen at once.
    /// </remarks>
    /// <param name="endpoints">Where to map the page.</param>
    /// <returns>The group of the page's endpoints, for further conventions.</returns>
    public static RouteGroupBuilder MapPages(this IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.MapGroup("");
        pages.AllowAnonymous().ExcludeFromDescription();

        foreach (var asset in PageAsset.ReadAll())
        {
            if (asset.Name == Document)
                pages.MapMethods("/", Methods, (HttpContext context) => ServeDocument(context, asset));
            else
                pages.MapMethods($"/assets/{asset.Name}", Methods, (HttpContext context) => Serve(context, asset));
        }

        return pages;
    }

    private static Results<FileContentHttpResult, RedirectHttpResult> ServeDocument(HttpContext context, PageAsset asset)
    {
        var request = context.Request;

        // Below a prefix the address must end in a slash, or the browser resolves "assets/chat.js" against the prefix's parent.
        return request.Path.HasValue
            ? Serve(context, asset)
            : TypedResults.Redirect(request.PathBase.ToUriComponent() + "/" + request.QueryString.ToUriComponent());
    }

    private static FileContentHttpResult Serve(HttpContext context, PageAsset asset)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return TypedResults.Bytes(asset.Content, asset.ContentType, entityTag: asset.Tag);
    }
}
