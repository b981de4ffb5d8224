// The words of the language as PEGTL rules: space, names, keywords, literals, symbols.
//
// Each rule owns no space around it; Reader skips space before a token.
#pragma once

#include <tao/pegtl.hpp>

namespace kb::query::parse::tokens {

namespace pegtl = tao::pegtl;

// space ::= blank | '//' to the end of the line | '/*' … '*/'
struct line_comment : pegtl::seq<pegtl::string<'/', '/'>, pegtl::until<pegtl::eolf>> {};
struct block_comment : pegtl::seq<pegtl::string<'/', '*'>, pegtl::until<pegtl::string<'*', '/'>>> {
};
struct wide_space : pegtl::sor<pegtl::utf8::one<0xA0, 0x1680, 0x180E, 0x2028, 0x2029, 0x202F,
                                                0x205F, 0x3000, 0xFEFF, 0x85>,
                               pegtl::utf8::range<0x2000, 0x200A>> {};
struct space
    : pegtl::star<pegtl::sor<pegtl::one<' ', '\t', '\n', '\r', '\v', '\f', 0x1C, 0x1D, 0x1E, 0x1F>,
                             line_comment, block_comment, wide_space>> {};

// name ::= letter { letter | digit | '_' } ; letters beyond ASCII count as such
struct name_start
    : pegtl::sor<
          pegtl::identifier_first,
          pegtl::seq<pegtl::not_at<wide_space>, pegtl::not_at<pegtl::utf8::range<0x2010, 0x2027>>,
                     pegtl::utf8::range<0xA1, 0x10FFFF>>> {};
struct name_rest : pegtl::sor<name_start, pegtl::digit> {};
struct plain_name : pegtl::seq<name_start, pegtl::star<name_rest>> {};
struct quoted_name
    : pegtl::plus<pegtl::one<'`'>, pegtl::star<pegtl::not_one<'`'>>, pegtl::one<'`'>> {};

// numbers; `0..5` is a range, not `0.` and `.5`
struct exponent : pegtl::seq<pegtl::one<'e', 'E'>, pegtl::opt<pegtl::one<'+', '-'>>,
                             pegtl::plus<pegtl::digit>> {};
struct fraction : pegtl::seq<pegtl::one<'.'>, pegtl::plus<pegtl::digit>> {};
struct float_number
    : pegtl::sor<pegtl::seq<pegtl::plus<pegtl::digit>, fraction, pegtl::opt<exponent>>,
                 pegtl::seq<pegtl::plus<pegtl::digit>, exponent>,
                 pegtl::seq<fraction, pegtl::opt<exponent>>> {};
struct hex_number : pegtl::seq<pegtl::one<'0'>, pegtl::one<'x', 'X'>, pegtl::plus<pegtl::xdigit>> {
};
struct octal_number : pegtl::seq<pegtl::one<'0'>, pegtl::opt<pegtl::one<'o', 'O'>>,
                                 pegtl::plus<pegtl::range<'0', '7'>>, pegtl::not_at<pegtl::digit>> {
};
struct integer_number : pegtl::sor<hex_number, octal_number, pegtl::plus<pegtl::digit>> {};

/// The number behind CYPHER, with the space before it.
struct version : pegtl::seq<space, pegtl::plus<pegtl::digit>> {};
/// `runtime=pipelined` behind CYPHER.
struct setting
    : pegtl::seq<space, pegtl::identifier, space, pegtl::one<'='>, space, pegtl::identifier> {};

// strings, with their quotes; escapes are resolved afterwards
template <char Quote>
struct quoted : pegtl::seq<pegtl::one<Quote>,
                           pegtl::star<pegtl::sor<pegtl::seq<pegtl::one<'\\'>, pegtl::any>,
                                                  pegtl::not_one<Quote, '\\'>>>,
                           pegtl::one<Quote>> {};
struct string_text : pegtl::sor<quoted<'\''>, quoted<'"'>> {};

}  // namespace kb::query::parse::tokens
